"""Metadata definitions, as callers of the registry see them."""
