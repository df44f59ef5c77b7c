"""One look through all that nova and cinder have.

It may be cut off anywhere and be begun again: what was said is true, whoever
has heard it. The memory it takes is that of a page; only a trial, which marks
nothing in the database, remembers the ids of one kind.
"""

from collections.abc import Callable, Collection
import time
import typing

from oslo_log import log

from glance.common import context
from glance.conductor.usage.sync import cloud
from glance.conductor.usage.sync import kinds
from glance.conductor.usage.sync import sayings
from glance.conf import CONF
from glance.objects import usage
from glance.registry import rpcapi

LOG = log.getLogger(__name__)

# Pages between two lines on how far it is.
_PAGES = 10


class Outcome(typing.TypedDict):
    """How it went: what was listed by kind, uses that have begun and ended,
    and the kinds that nobody has told of to the end, with the reason.
    """

    listed: dict[str, int]
    begun: int
    ended: int
    failed: dict[str, str]


class Walk:
    """:param check: raises when it is time to stop
    :param tell: called with lines on what has changed, and how far it is
    :param is_trial: change nothing, and tell what would change
    """

    def __init__(self, ctxt: context.BusContext,
                 registry: rpcapi.RegistryAPI, check: Callable[[], object],
                 tell: Callable[[str], object],
                 is_trial: bool = False) -> None:
        self._asker = sayings.Asker(ctxt, registry)
        self._check, self._tell, self._is_trial = check, tell, is_trial
        self._listed: set[str] = set()
        self.outcome: Outcome = {'listed': {}, 'begun': 0, 'ended': 0,
                                 'failed': {}}

    def do(self) -> Outcome:
        """:raises GlanceError: the registry does not answer"""
        try:
            found = cloud.Cloud(self._check)
        except cloud.Unanswered as error:
            self._fail('credentials', error)
            return self.outcome
        for kind in kinds.KINDS:
            try:
                self._look_through(found, kind)
            except cloud.Unanswered as error:
                self._fail(kind.name, error)
        return self.outcome

    def _fail(self, what: str, error: cloud.Unanswered) -> None:
        self.outcome['failed'][what] = error.message
        LOG.warning('Uses of images are compared with nova and cinder again '
                    'later, there was no whole answer on %s: %s', what, error)

    def _look_through(self, found: cloud.Cloud, kind: kinds.Kind) -> None:
        began_ms = int(time.time() * 1000)
        self._listed.clear()
        clients = found.clients(kind)
        if not clients:
            self._tell('%s: the catalogue has no such service' % kind.name)
            return
        self.outcome['listed'][kind.name] = 0
        for client in clients:
            self._list(found, kind, client)
        self._tell('%s: %d, that is all of them' % (
            kind.name, self.outcome['listed'][kind.name]))
        for use in kind.uses:
            self._end(use, began_ms, lambda one: any(
                found.exists(client, kind, one) for client in clients))

    def _list(self, found: cloud.Cloud, kind: kinds.Kind, client: typing.Any
              ) -> None:
        listed = self.outcome['listed']
        for number, (at_ms, page) in enumerate(found.pages(client, kind), 1):
            self._check()
            self._say([*kind.say(self._asker, at_ms, page)])
            if self._is_trial:
                self._listed.update(one.id for one in page)
            listed[kind.name] += len(page)
            if not number % _PAGES:
                self._tell('%s: %d so far' % (kind.name, listed[kind.name]))

    def _end(self, use: str, began_ms: int,
             exists: Callable[[str], bool]) -> None:
        """Those of whom nobody has told since are asked for one by one."""
        marker = None
        while True:
            held = self._asker.registry.usage.list_going_on(self._asker.ctxt, {
                'kind': use, 'ids': None, 'said_before_ms': began_ms,
                'marker': marker, 'limit': CONF['usage'].sync_limit})
            if not held:
                return
            self._say([_gone(one, began_ms) for one in held
                       if one['id'] not in self._listed
                       and not exists(one['id'])])
            marker = held[-1]['id']

    def _say(self, said: Collection[usage.Statement]) -> None:
        if not said:
            return
        registry = self._asker.registry.usage
        merge = registry.weigh if self._is_trial else registry.merge
        merged = merge(self._asker.ctxt, [*said])
        for words, uses in (('uses', merged['begun']),
                            ('no longer uses', merged['ended'])):
            for one in uses:
                self._tell('%s %s %s image %s' % (
                    one['kind'], one['id'], words, one['image_id']))
        self.outcome['begun'] += len(merged['begun'])
        self.outcome['ended'] += len(merged['ended'])


def _gone(held: usage.Held, at_ms: int) -> usage.Statement:
    return {'at_ms': at_ms, 'kind': held['kind'], 'id': held['id'],
            'project_id': None, 'image_id': None, 'is_gone': True}
