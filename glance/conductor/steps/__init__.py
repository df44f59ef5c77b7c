"""The steps that flows are made of, see `glance.conductor.flow_runner`."""
