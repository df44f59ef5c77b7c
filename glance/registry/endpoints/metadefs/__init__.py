"""Metadata definitions: namespaces, and the definitions in them."""
