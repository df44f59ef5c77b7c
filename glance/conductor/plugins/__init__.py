"""Import plugins, see `glance.conductor.steps.plugins`."""
