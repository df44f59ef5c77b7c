"""An image gets its data by being told where it is."""

from collections.abc import Sequence
import typing

from glance.conductor import flow_runner
from glance.conductor.steps import location


def steps(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    """The steps for an input, see `glance.api.v2.locations`."""
    if not given['secure']:
        return location.Look(), location.Save()
    if given['hashes']:
        return location.Look(), location.Compare(), location.Save()
    return location.Look(), location.Save(), location.FillIn()
