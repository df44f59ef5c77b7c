"""Metadata definitions: namespaces, and what is defined in them."""
