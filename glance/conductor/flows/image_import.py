"""Data into an image that is there: imports and copies."""

from collections.abc import Sequence
import typing

from glance.conductor import flow_runner
from glance.conductor.steps import fetch
from glance.conductor.steps import images
from glance.conductor.steps import plugins
from glance.conductor.steps import store

_FIRST = {'glance-direct': (fetch.TakeStaged,),
          'web-download': (fetch.Fetch,),
          'glance-download': (images.CopyRecord, fetch.Fetch)}


def steps(given: dict[str, typing.Any]) -> Sequence[flow_runner.Step]:
    """The steps for an input, see `glance.api.v2.imports`."""
    if given['method'] == 'copy-image':
        return store.steps(given, store.Copy)
    return (*(step() for step in _FIRST[given['method']]),
            *plugins.steps(given.get('plugins') or ()),
            *store.steps(given), fetch.RemoveStaged())
