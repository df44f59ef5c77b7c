"""What monitoring asks the registry for: how much waits, and how long.

The numbers come from the database when they are read, the same in every
registry: whoever adds them up takes one of them.
"""

from collections.abc import Callable, Iterator
import typing

from oslo_log import log
from prometheus_client import core

from glance.common import probe
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import hosts
from glance.db import health
from glance.objects import health as health_types

LOG = log.getLogger(__name__)

_Found = tuple[health_types.Health, int, list[tuple[str, str, int]], int,
               tuple[int, int] | None]


class Gauges:
    """A collector of prometheus_client.

    :param in_database: calls a function where the database may be used
    """

    def __init__(self,
                 in_database: Callable[..., typing.Any]) -> None:
        self._probe = probe.Probe(lambda: in_database(_measure))

    def collect(self) -> Iterator[core.Metric]:
        found, error = self._probe.ask(CONF.health.timeout, CONF.health.kept)
        if error is not None:
            LOG.warning('The database gives no numbers: %s',
                        type(error).__name__)
        yield _gauge('database_up', 'Whether the database answers.',
                     error is None)
        if error is None:
            yield from _families(found)


@engine.retry_on_conflict
def _measure() -> _Found:
    with engine.reader() as conn:
        return (health.ages(conn), health.count_events(conn),
                health.work_by_state(conn), hosts.count_alive(conn),
                health.count_uses(conn) if CONF['usage'].enabled else None)


def _families(found: _Found) -> Iterator[core.Metric]:
    ages, events, work, alive, uses = found
    yield _gauge('events_waiting',
                 'Notifications to be sent, %d and more as %d.'
                 % (health.MOST, health.MOST), events)
    yield _gauge('event_age_seconds',
                 'For how long the oldest of them waits.', ages['event_age'])
    yield _gauge('work_overdue_seconds',
                 'For how long work waits for a conductor.',
                 ages['work_overdue'])
    yield _gauge('conductor_hosts',
                 'Hosts of which a conductor was heard in the last two '
                 'minutes.', alive)
    by_state = core.GaugeMetricFamily(
        'glance_work', 'Units of work that are not done.',
        labels=('kind', 'state'))
    for kind, state, count in work:
        by_state.add_metric((kind, state), count)
    yield by_state
    if uses is not None:
        yield from _uses(*uses)


def _uses(images: int, uses: int) -> Iterator[core.Metric]:
    yield _gauge('images_in_use',
                 'Images that servers, volumes and others rest on, %d and '
                 'more as %d.' % (health.MOST, health.MOST), images)
    yield _gauge('image_uses', 'How many rest on these.', uses)


def _gauge(name: str, text: str, value: float | None) -> core.Metric:
    return core.GaugeMetricFamily('glance_' + name, text, value or 0)
