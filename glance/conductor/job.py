"""One unit of work in the hands of this conductor."""

from collections.abc import Callable
import contextlib
import threading
import time
import typing

from glance.common import context
from glance.common import exceptions
from glance.common import leases
from glance.common import pauses
from glance.conductor import claims
from glance.conf import CONF
from glance.objects import location as location_types
from glance.objects import quota
from glance.objects import work
from glance.registry import rpcapi
from glance.store import backends
from glance.store import driver
from glance.store import staging
from glance.store import traces

_Args = typing.TypeVarTuple('_Args')


class OutcomeUnknown(Exception):
    """Whether a write took effect is not known: the next claim will see."""


class Job(claims.Claim):
    """What the steps of a flow share.

    `done` and `total` may be set by any thread; the rest belongs to the
    flow. Notes in the database are written under a lock, so that an older one
    never follows a newer one. Where several steps run at the same time, they
    change `state` and write the note of it within one `changing()`.

    :ivar noted: what was noted before this claim; of a flow it is
        `glance.objects.work.Progress`, where another release may lack keys
    :ivar traces: `glance.store.traces.Traces` of this claim
    :ivar state: what steps remember, JSON-able
    :ivar reason: why it goes back, None while it goes forward
    """

    def __init__(self, ctxt: context.BusContext,
                 registry: rpcapi.RegistryAPI, stores: backends.Stores,
                 unit: work.Unit) -> None:
        super().__init__(ctxt, registry, stores, unit['kind'],
                         unit['attempt'])
        self.id, self.input = unit['id'], unit['input']
        # Nobody asks for it before the step that makes the image.
        self.image_id = typing.cast(str, unit['image_id'])
        self.noted = noted = typing.cast(dict[str, typing.Any],
                                         unit.get('progress') or {})
        self.next: str | None = noted.get('next')
        self.tries: int = noted.get('tries', 0)
        self.reason: str | None = noted.get('reason')
        self.state: dict[str, typing.Any] = noted.get('state', {})
        self.step: str | None = noted.get('step')
        self.host = staging.name_now(unit.get('host'), self._staged_url())
        self._is_renamed = self.host != unit.get('host')
        self.done: int | None = None
        self.total: int | None = None
        self.traces = traces.Traces(lambda: registry.work.kept(
            ctxt, self.id, self.number, self.image_id))
        self._may_note = True
        self._lock = threading.RLock()
        self.lease = leases.Lease(
            '%s of image %s' % (self.kind, self.image_id), CONF.work.lease,
            self._note, min(CONF.work.progress_interval,
                            CONF.work.lease / 3))

    @property
    def location(self) -> location_types.Where:
        """The input, of kinds of work that are about a location."""
        return typing.cast(location_types.Where, self.input)

    def attempt(self, name: str, number: int | None = None) -> str:
        """What this claim of the work calls its attempts at writing.

        :param name: of what is written, letters, digits and dashes
        """
        return '%s-%s-%d' % (self.id, name, number or self.number)

    def writes(self, store: driver.Driver, name: str,
               image_id: str | None = None) -> traces.Trace:
        """To be called before a step writes.

        :param name: as of `attempt`
        :param image_id: what the data is named after, if not the image, or
            the work where there is none
        """
        trace: traces.Trace = self.traces.begin(
            store, image_id or self.image_id or self.id, self.attempt(name))
        return trace

    def earlier_attempts(self, name: str) -> list[str]:
        """The names that earlier claims may have written under."""
        return [self.attempt(name, number)
                for number in range(1, self.number)]

    def _staged_url(self) -> str | None:
        staged = self.state.get('staged') or self.input.get('staged')
        return (staged or self.input).get('url')

    def go_home(self) -> None:
        """What the release before has bound to a host is another folder's.

        :raises Draining: it is bound to that from now on
        """
        if self._is_renamed and not self.is_at_home():
            self.save()
            raise claims.Draining()

    def is_at_home(self) -> bool:
        """Whether this host has what the work is bound to."""
        return self.host in (None, staging.host())

    def begin(self, step: str, total: int | None = None) -> None:
        """What comes next, for those who look at the task."""
        self.step, self.done, self.total = step, None, total

    def tick(self, done: int) -> None:
        """So much is done; any thread may say so.

        :raises Exception: the reason to stop
        """
        self.done = done
        self.check()

    def turn_back(self, reason: str) -> None:
        """From now on what was done is undone."""
        self.reason, self.tries, self.done = reason, 0, None
        if not isinstance(self._stop, claims.Draining):
            self._stop = None

    def progress(self) -> work.Progress:
        return {'next': self.next, 'tries': self.tries, 'step': self.step,
                'reason': self.reason, 'state': self.state,
                'done': self.done, 'total': self.total,
                'final': self._is_final()}

    def changing(self) -> contextlib.AbstractContextManager[object]:
        """A context in which nobody else notes anything."""
        return self._lock

    def save(self, held: quota.Held | None = None,
             limits: quota.Limits | None = None) -> None:
        """Note how far it is; heed what the registry says.

        :param held, limits: as for `Work.advance`
        """
        with self._lock:
            self._check_claim()
            asked = time.monotonic()
            answer = self.registry.work.advance(
                self.ctxt, self.id, self.number, self.progress(),
                host=self.host, held=held, limits=limits)
            self.lease.renewed(asked)
        # A registry of the release before does not know what is final.
        if self.reason is None and (answer['cancelled']
                                    and not self._is_final()):
            self.stop(exceptions.Conflict('The task was cancelled.'))
        elif self.reason is None and answer['gone']:
            self.stop(exceptions.Gone('The image was deleted.'))

    def _is_final(self) -> bool:
        """The image has its data: too late for a change of mind."""
        stores = self.input.get('stores') or ()
        return (self.state.get('active', False)
                or self.state.get('saved', False)
                or bool(stores) and (
                    set(self.state.get('stored', ())) >= set(stores)))

    def write(self, method: Callable[
            [context.BusContext, str, int, *_Args, work.Progress], object],
            *args: *_Args) -> None:
        """A write of the registry that notes the progress as well.

        :raises OutcomeUnknown: no answer came
        """
        with self._lock:
            self._check_claim()
            try:
                method(self.ctxt, self.id, self.number, *args,
                       self.progress())
            except exceptions.GlanceError as error:
                if error.status < 500:
                    raise
                self._may_note = False
                raise OutcomeUnknown(error.message) from error

    def release(self, method: Callable[
            [context.BusContext, str, int, *_Args], object],
            *args: *_Args) -> None:
        """The last write of this claim, which gives the work to others.

        A sign of life that followed would make the lease ours again.
        """
        with self._lock:
            self._check_claim()
            self._may_note = False
            method(self.ctxt, self.id, self.number, *args)

    def release_midway(self, reason: str, seconds: float) -> None:
        """Let others go on from here after a while."""
        self.release(self.registry.work.hand_back, self.progress(), reason,
                     seconds)

    def pause(self) -> float:
        """:returns: seconds until what has failed is worth another try"""
        seconds: float = pauses.after(self.tries)
        return seconds

    def _check_claim(self) -> None:
        """What may not have happened must not be noted by anything later.

        :raises OutcomeUnknown: no answer came to a write, or others have the
            work
        """
        if not self._may_note:
            raise OutcomeUnknown('Nothing more may be noted.')

    def _note(self) -> None:
        """Called now and then beside the flow: a sign of life, and news."""
        try:
            if self.next is not None:
                self.save()
            elif self.lease.age() > CONF.work.lease / 3:
                self._renew()
        except OutcomeUnknown:
            pass

    def _renew(self) -> None:
        with self._lock:
            self._check_claim()
            asked = time.monotonic()
            self.registry.work.renew(self.ctxt, self.id, self.number)
            self.lease.renewed(asked)
