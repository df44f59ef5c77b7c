"""An image gets its data by being told where it is."""

from glance.conductor.steps import location


def steps(given):
    """The steps for an input, see `glance.api.v2.locations`."""
    if not given['secure']:
        return location.Look(), location.Save()
    if given['hashes']:
        return location.Look(), location.Compare(), location.Save()
    return location.Look(), location.Save(), location.FillIn()
