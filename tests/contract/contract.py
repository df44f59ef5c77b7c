"""The contract as data: its rows, and what we excuse of them.

A row is a line of text. `tests/contract/excuses.yaml` names the rows that
cannot be shown, each with a reason, and what is ours beside the contract.
"""

import functools
import pathlib
import re
import typing

import yaml

_TESTS = pathlib.Path(__file__).parents[1]
_EXCUSES = pathlib.Path(__file__).parent / 'excuses.yaml'
# What there may be in the file, because a test looks at it.
KINDS = {'excuses': ('statuses', 'policies', 'options', 'events', 'sequences',
                     'commands'),
         'ours': ('operations', 'options', 'pipelines', 'events', 'commands')}
_ROW = re.compile(r'(.*?) (\d{3})(?: (.*))?')


def load(name):
    """:returns: a document, such as `routes`"""
    path = _TESTS / 'data' / 'contract' / (name + '.yaml')
    return yaml.safe_load(path.read_text())


def excuses(kind):
    """:returns: {row: {"why", "instead": status, if any}}"""
    return {row: group for group in _groups(kind, 'excuses')
            for row in group['rows']}


def ours(kind):
    """:returns: {what is beside the contract: {"why"}}"""
    return {row: group for group in _groups(kind, 'ours')
            for row in group['rows']}


def _groups(kind, what):
    if kind not in KINDS[what]:
        raise ValueError('There are no %s of %s.' % (what, kind))
    return _all_groups()[what].get(kind) or []


@functools.cache
def _all_groups():
    found = yaml.safe_load(_EXCUSES.read_text())
    for what, kinds in found.items():
        for kind in set(kinds) - set(KINDS[what]):
            raise ValueError('Nobody looks at %s of %s.' % (what, kind))
    return found


def split(row):
    """:returns: operation, status, cause of a row of statuses"""
    operation, status, cause = _ROW.fullmatch(row).groups()
    return operation, int(status), cause


class Operation(typing.NamedTuple):
    """One entry of the routes.

    :param success: statuses of success
    :param errors: {status: [causes]}
    :param facts: the whole entry
    """

    verb: str
    path: str
    success: tuple
    errors: dict
    facts: dict

    @property
    def name(self):
        return '%s %s' % (self.verb, self.path)

    def causes(self):
        """Rows that say why this operation has which status."""
        for status in self.success:
            yield '%s %d' % (self.name, status)
        for status, causes in self.errors.items():
            for cause in causes:
                yield '%s %d %s' % (self.name, status, cause)


def operations():
    return [_operation(facts) for facts in load('routes')['routes']]


def _operation(facts):
    # '200 (206 ranged, 204 no data)'
    success = tuple(int(word) for word in facts['success'].replace(
        '(', ' ').split() if word.isdigit())
    errors = {int(status): causes
              for status, causes in facts['errors'].items()
              if int(status) not in success}
    return Operation(facts['method'], facts['path'], success, errors, facts)
