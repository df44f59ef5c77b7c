"""Requests that make the service answer each status, from tables.

A table maps an operation to the request that succeeds, and to what is
different in those that end in another way. The keys of the second are status
and cause as the contract has them, `404 image unknown or not visible`; a
value is a change of the request, or a list of them. Causes that many
operations have are in `GENERIC`.

A request is a dict of: `given`, a function of `tests.contract.givens`;
`parts` of the path; `query`; `body`, bytes or what becomes JSON; `headers`;
`caller`; `denied`, a rule whose operations the caller may not do; `options`
of the configuration; `patches`, {name: what takes its place}; `plain`,
whether the service has one store and no cache.
"""

import itertools
import typing
import uuid

from tests.contract import contract
from tests.contract import givens


class Case(typing.NamedTuple):
    """:param row: of the contract
    :param status: what the service has to answer
    """

    row: str
    operation: contract.Operation
    status: int
    request: dict

    @property
    def verb(self):
        return self.operation.verb

    @property
    def path(self):
        return self.operation.path


PLAIN = {'plain': True, 'caller': 'admin', 'given': givens.queued}
UNKNOWN = str(uuid.UUID(int=5))


def raising(error):
    """:returns: a function that fails"""
    def fail(*args, **kwargs):
        raise error
    return fail


NO_ROOM = {'options': {'use_keystone_limits': True}, 'patches': {
    'glance.common.keystone_limits.of_project':
        lambda project_id, resources: dict.fromkeys(resources, 0)}}
GENERIC = {
    'request carries a body': {'body': {}},
    'caching not configured': PLAIN,
    'multi-store not configured': PLAIN,
    'middleware absent from pipeline': PLAIN,
    'image unknown or not visible': [
        {'parts': {'image_id': UNKNOWN}}, {'caller': 'outsider'}],
    'namespace unknown or not visible': [
        {'parts': {'namespace': 'none'}},
        {'parts': {'namespace': 'X'}, 'caller': 'member'}],
    'namespace protected': {'parts': {'namespace': 'P'}},
}


def expand(table):
    """:param table: {operation: (request, {status and cause: change})}
    :returns: list of Case
    """
    known = {one.name: one for one in contract.operations()}
    return list(itertools.chain.from_iterable(
        _of_operation(known[name], request, changes)
        for name, (request, changes) in table.items()))


def _of_operation(operation, request, changes):
    prefix = operation.name + ' '
    causes = [row[len(prefix):] for row in operation.causes()]
    yield case(prefix + causes[0], operation, request)
    for cause in causes[1:]:
        change = changes.get(cause)
        if change is None:
            change = _generic(operation, cause.partition(' ')[2])
        for one in change if isinstance(change, list) else [change]:
            yield case(prefix + cause, operation, dict(request, **one))
    for cause in set(changes) - set(causes):
        raise ValueError('%s %s is not in the contract'
                         % (operation.name, cause))


def _generic(operation, cause):
    if cause.startswith('policy denies'):
        rules = [rule for rule in operation.facts['policies']
                 if ' ' not in rule]
        return [{'denied': rule, 'caller': 'admin'} for rule in rules[-1:]]
    return GENERIC.get(cause, [])


def case(row, operation, request):
    """:param row: ends in status and cause"""
    excuse = contract.excuses('statuses').get(row) or {}
    status = contract.split(row)[1]
    return Case(row, operation, excuse.get('instead', status), request)
