"""Handlers of the Image API v2: one module for each resource."""
