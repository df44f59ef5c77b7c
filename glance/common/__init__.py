"""What every room may use: errors, the request context, native threads."""
