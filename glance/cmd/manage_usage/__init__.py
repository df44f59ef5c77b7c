"""What `glance-manage usage sync` does: it compares, mends, and tells."""

import functools
import sys

from oslo_utils import strutils

from glance.cmd.manage_actions import Action
from glance.cmd.manage_actions import Option
from glance.common import context
from glance.conductor.usage.sync import credentials
from glance.conf import CONF
from glance.conf import errors
from glance.registry import rpcapi
from glance.service import program


def sync(dry_run=False):
    """:returns: 1 if a service has not told of all that it has, else 0
    :raises ConfigurationError: nobody can be asked
    """
    problem = credentials.problem()
    if problem is not None or not CONF['usage'].enabled:
        raise errors.ConfigurationError(
            problem or 'set [usage] enabled: nothing is known of uses '
            'without')
    outcomes = []
    program.run_once(CONF.prog, lambda: outcomes.append(
        _walk(strutils.bool_from_string(dry_run))))
    return int(bool(outcomes[0]['failed']))


def _walk(is_trial):
    # The library is there, as it has been looked for.
    from glance.conductor.usage.sync import walk
    outcome = walk.Walk(context.internal(), rpcapi.connect(), lambda: None,
                        functools.partial(print, flush=True), is_trial).do()
    print('Uses that have begun: %(begun)d, that have ended: %(ended)d.'
          % outcome)
    for what, reason in outcome['failed'].items():
        print('There was no whole answer on %s: %s' % (what, reason),
              file=sys.stderr)
    if is_trial:
        print('Nothing was changed.')
    return outcome


ACTIONS = (
    Action('sync', sync, 'Compare who uses images with what nova and cinder '
           'have, and mend what events did not say.', (
               Option('dry-run', {'action': 'store_true', 'help':
                                  'Only tell what would change.'}),)),
)
