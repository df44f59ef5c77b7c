"""HTTP: requests, policy decisions, views. Knows no database."""

from glance.api import composite

# Operators' paste files name these objects.
root_app_factory = composite.root_app_factory
pipeline_factory = composite.pipeline_factory
