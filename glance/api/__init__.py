"""HTTP: requests, policy decisions, views. Knows no database."""

from glance.api import composite

# Operators' paste files name this object.
root_app_factory = composite.root_app_factory
