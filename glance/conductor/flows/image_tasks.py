"""The tasks that users create by hand: import, clone and export."""

from collections.abc import Sequence
import typing

from glance.conductor import flow_runner
from glance.conductor.steps import export
from glance.conductor.steps import fetch
from glance.conductor.steps import images
from glance.conductor.steps import plugins
from glance.conductor.steps import store


def import_steps(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    """A new image with the data of a URL."""
    return (images.Create(), fetch.Fetch(), *_conversion(given),
            *store.steps(given), fetch.RemoveStaged())


def clone_steps(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    """A new image with the data of another one."""
    return images.Create(), *store.steps(given, store.Clone)


def export_steps(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    """The data of an image to a place outside."""
    send = (export.ToWeb(),) if given.get('url') else (export.ToStore(),
                                                       export.Settle())
    if not given.get('convert_to'):
        return send
    return (export.Fetch(), *_conversion(given), *send, fetch.RemoveStaged())


def _conversion(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    wanted = given.get('convert_to')
    return (plugins.Convert(wanted),) if wanted else ()
