"""From the body of a PATCH to the changes asked of the registry."""
