"""What `glance-manage stores check` does: it tries the stores, and tells."""

from collections.abc import Iterable

from glance.cmd.manage_actions import Action
from glance.cmd.manage_actions import Option
from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors
from glance.store import backends
from glance.store import driver
from glance.store import trial


def check(store: str | None = None, limit: str = '60') -> int:
    """:returns: 1 if anything is wrong, else 0"""
    found = backends.load(CONF)
    if not limit.isdecimal() or not int(limit):
        raise errors.ConfigurationError('--limit takes a number of seconds')
    wanted: Iterable[driver.Driver] = found
    if store is not None:
        try:
            wanted = [found.get(store)]
        except exceptions.BadRequest as error:
            raise errors.ConfigurationError(error.message) from None
    return int(not all([_check(one, int(limit)) for one in wanted]))


def _check(store: driver.Driver, limit: int) -> bool:
    """:returns: whether all is well"""
    print('%s (%s)' % (store.id, store.type))
    if store.problem:
        print('  cannot be used as it is configured: %s' % store.problem)
    is_well = not store.problem
    for outcome in trial.run(store, limit):
        print('  %-8s %8.3f s  %s' % (
            outcome.step, outcome.seconds,
            outcome.problem or outcome.note or 'ok'), flush=True)
        if outcome.advice:
            print('           %s' % outcome.advice)
            is_well = False
    return is_well


ACTIONS = (
    Action('check', check, 'Try what the service does with its stores: reach, '
           'write, read, a range, delete.', (
               Option('store', {'metavar': 'ID', 'help': 'Only this one.'}),
               Option('limit', {'metavar': 'SECONDS', 'help':
                                'For each step; 60 when not said.'}))),
)
