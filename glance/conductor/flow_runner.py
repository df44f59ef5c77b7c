"""Runs a flow: its steps in order, from where it was left, or back.

A step has a `name`, unique in its flow, `execute(job)` and `revert(job)`. Both
may be called again after having been cut off anywhere, so they begin with what
is there. What a step has done counts once its successor is noted in the
database. Whoever claims the work then goes on from there.

* An error of a store or of the bus: the step is tried again later, by anybody,
  [work] max_tries times.
* Any other error, also a cancelled task or a deleted image: the steps done are
  reverted in reverse order, as often as it takes, and the task fails with the
  reason.
"""

from collections.abc import Sequence

from oslo_log import log

from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import job as jobs
from glance.conf import CONF
from glance.store import staging

LOG = log.getLogger(__name__)

END = 'end'
_OURS = (exceptions.LeaseLost, claims.Draining, jobs.OutcomeUnknown)


class Step:
    """What most steps have in common: nothing to undo."""

    name: str
    # How users read it.
    title: str | None = None
    # Whether a flow that begins so can begin anew where its data is lost.
    can_start_again = False

    def execute(self, job: jobs.Job) -> None:
        raise NotImplementedError

    def revert(self, job: jobs.Job) -> None:
        pass


def may_pass(error: exceptions.GlanceError) -> bool:
    """Whether the same thing may succeed later."""
    is_ours: bool = error.status >= 500
    return is_ours or isinstance(error, exceptions.InUseByStore)


def run(job: jobs.Job, steps: Sequence[Step]) -> None:
    """Take a task as far as it goes.

    :param steps: the whole flow, the same for each claim of the work
    :raises LeaseLost, OutcomeUnknown: others go on with it
    :raises Draining: others are to go on with it
    """
    try:
        if job.reason is None:
            _forward_or_turn(job, steps)
        if job.reason is not None:
            _backward(job, steps)
    except claims.Draining:
        job.tries -= 1
        raise
    except exceptions.LeaseLost:
        raise
    except exceptions.GlanceError as error:
        LOG.warning('%s of image %s has to wait: %s', job.kind, job.image_id,
                    error)
        job.release_midway(error.message, job.pause())


def _forward_or_turn(job: jobs.Job, steps: Sequence[Step]) -> None:
    try:
        _forward(job, steps)
        job.registry.tasks.finish(job.ctxt, job.id, job.number,
                                  job.state.get('result'))
    except _OURS:
        raise
    except exceptions.GlanceError as error:
        if may_pass(error) and job.tries < CONF.work.max_tries:
            raise
        job.turn_back(error.message)
    except Exception:
        LOG.exception('%s of image %s failed', job.kind, job.image_id)
        job.turn_back('The task met an unexpected condition.')


def _forward(job: jobs.Job, steps: Sequence[Step]) -> None:
    if not job.is_at_home():
        _start_again(job, steps)
    names = [step.name for step in steps] + [END]
    job.next = job.next or names[0]
    _count_try(job)
    for step in steps[_index(names, job.next):]:
        job.check()
        job.begin(step.title or step.name)
        step.execute(job)
        # What comes now is the first try of the next one.
        job.next, job.tries = names[names.index(step.name) + 1], 1
        job.save()


def _start_again(job: jobs.Job, steps: Sequence[Step]) -> None:
    """The data on another host is lost to us: can it be had again?"""
    if not steps[0].can_start_again:
        raise exceptions.Gone('The host that has the staged data does not '
                              'answer any more.')
    job.next, job.host = None, staging.host()
    job.state.pop('staged', None)


def _count_try(job: jobs.Job) -> None:
    """A step that kills its conductor is not tried for ever either."""
    job.tries += 1
    if job.tries > CONF.work.max_tries:
        raise exceptions.Conflict('The step "%s" did not succeed in %d tries.'
                                  % (job.step, CONF.work.max_tries))
    job.save()


def _index(names: list[str], name: str) -> int:
    try:
        return names.index(name)
    except ValueError:
        raise exceptions.Conflict('The task was begun by a release with other '
                                  'steps.') from None


def _backward(job: jobs.Job, steps: Sequence[Step]) -> None:
    names = [step.name for step in steps]
    if job.next in names:
        last = names.index(job.next)
    else:
        last = len(names) - 1 if job.next == END else -1
    job.tries += 1
    for step in reversed(steps[:last + 1]):
        job.next = step.name
        job.begin('undo ' + (step.title or step.name))
        job.save()
        step.revert(job)
    job.registry.tasks.fail(job.ctxt, job.id, job.number, job.reason or '',
                            _failed_stores(job))


def _failed_stores(job: jobs.Job) -> list[str]:
    stored = job.state.get('stored', {})
    return job.state.get('failed') or [
        store_id for store_id in job.input.get('stores') or ()
        if store_id not in stored]
