"""The HTTP servers, for greenlets and for native threads."""
