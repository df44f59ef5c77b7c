"""The steps that flows are made of, see `glance.conductor.engine`."""
