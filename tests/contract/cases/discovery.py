"""Versions, health, what a deployment offers, schemas."""

from tests.contract.cases import base
from tests.contract import contract


def _schemas():
    """The documents of schemas need nothing."""
    return {one.name: ({}, {}) for one in contract.operations()
            if one.path.startswith('/v2/schemas/')}


CASES = base.expand({
    'GET /': ({'caller': 'nobody'}, {}),
    'GET /versions': ({'caller': 'nobody'}, {}),
    'GET /healthcheck': ({'caller': 'nobody', 'headers': {'Accept': '*/*'}}, {
        '503 disable file present': {'patches': {
            'os.path.exists': lambda path: True}}}),
    'GET /v2/info/import': ({}, {}),
    'GET /v2/info/stores': ({}, {}),
    'GET /v2/info/stores/detail': ({'caller': 'admin'}, {}),
    'GET /v2/info/usage': ({}, {}),
    **_schemas(),
})
