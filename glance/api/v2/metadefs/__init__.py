"""Handlers of metadata definitions, a module for each resource."""
