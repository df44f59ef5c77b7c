"""Rows of image_uses, and the sums of them by image.

Whoever changes them takes one lock first, so the rows of a consumer and the
sums of an image are changed by one transaction after the other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
import itertools
import typing

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import row_locks
from glance.db import schema
from glance.db import types
from glance.db.usage import merging
from glance.db.usage import unused
from glance.objects import ids
from glance.objects import usage

uses = own_schema.image_uses
totals = own_schema.image_usage

_LOCK = ''
_DAY = 86400 * 1000
# Clocks differ; what is said of a later moment would count for ever.
_AHEAD = 3600 * 1000
_VALUES = ('project_id', 'since_ms', 'seen_ms', 'gone_ms', 'until_ms')

_Consumer = tuple[str, str]     # kind, id
# {(kind, id, image): values of the row}
_Rows = dict[tuple[str, str, str], dict[str, typing.Any]]


class _Sum(typing.NamedTuple):
    use_count: int
    last_used_ms: int


_NOTHING = _Sum(0, 0)


class _Known(typing.NamedTuple):
    """The sum of an image as it was, and how its id is written."""

    name: str
    row: _Sum | None

    @property
    def sum(self) -> _Sum:
        return self.row or _NOTHING


class Changed(typing.NamedTuple):
    """How many rows are new or different, the images that are used now and
    were not, those that are not any more, statements that were ignored, and
    the uses that have begun and ended.
    """

    rows: int
    used: list[str]
    unused: list[str]
    ignored: int
    begun: list[usage.Held]
    ended: list[usage.Held]


class _Weighed(typing.NamedTuple):
    """The rows of some consumers, and what statements make of them."""

    before: _Rows
    after: _Rows
    ignored: int


def merge(conn: sa.Connection, statements: Collection[usage.Statement],
          keep_days: float) -> Changed:
    """Take statements into account.

    :param keep_days: older ones are ignored: what would contradict them may
        be forgotten by now
    """
    _lock(conn)
    weighed = _weigh(conn, statements, keep_days)
    _write(conn, weighed.before, weighed.after)
    return _changed(weighed, *_add_up(conn, weighed.before, weighed.after))


def weigh(conn: sa.Connection, statements: Collection[usage.Statement],
          keep_days: float) -> Changed:
    """What `merge` would do at this moment; nothing is changed.

    :returns: no image counts as used or unused
    """
    return _changed(_weigh(conn, statements, keep_days), [], [])


def _weigh(conn: sa.Connection, statements: Collection[usage.Statement],
           keep_days: float) -> _Weighed:
    now = conn.execute(sa.select(types.now_ms())).scalar_one()
    fresh = [one for one in statements
             if now - keep_days * _DAY < one['at_ms'] < now + _AHEAD]
    said = defaultdict(list)
    for one in fresh:
        said[one['kind'], one['id']].append(one)
    before = _find(conn, said)
    after = {key: values for consumer, some in said.items()
             for key, values in _merged(consumer, before, some)}
    return _Weighed(before, after, len(statements) - len(fresh))


def _changed(weighed: _Weighed, used: list[str], unused: list[str]
             ) -> Changed:
    before, after, ignored = weighed
    old, new = _current(before), _current(after)
    return Changed(
        sum(values != before.get(key) for key, values in after.items()),
        used, unused, ignored, _held(new - old), _held(old - new))


def _current(rows: _Rows) -> set[tuple[str, str, str]]:
    return {key for key, values in rows.items() if values['until_ms'] is None}


def _held(keys: Iterable[tuple[str, str, str]]) -> list[usage.Held]:
    return [{'kind': kind, 'id': one, 'image_id': image_id}
            for kind, one, image_id in sorted(keys)]


def _merged(consumer: _Consumer, before: _Rows,
            said: Iterable[usage.Statement]
            ) -> Iterable[tuple[tuple[str, str, str], dict[str, typing.Any]]]:
    known = {key[2]: merging.Known(
        values['since_ms'], values['seen_ms'], values['project_id'],
        values['gone_ms']) for key, values in before.items()
        if key[:2] == consumer}
    found = merging.merge(known, said)
    ends = merging.ends(found)
    for image_id, use in found.items():
        yield (*consumer, image_id), {**use._asdict(),
                                      'until_ms': ends[image_id]}


def _find(conn: sa.Connection, consumers: Iterable[_Consumer]) -> _Rows:
    by_kind = defaultdict(list)
    for kind, one in consumers:
        by_kind[kind].append(one)
    if not by_kind:
        return {}
    rows = conn.execute(sa.select(uses).where(sa.or_(*(
        sa.and_(uses.c.kind == kind, uses.c.consumer_id.in_(some))
        for kind, some in by_kind.items()))))
    return {(row.kind, row.consumer_id, row.image_id):
            {name: row._mapping[name] for name in _VALUES} for row in rows}


def _write(conn: sa.Connection, before: _Rows, after: _Rows) -> None:
    new = [{'kind': kind, 'consumer_id': one, 'image_id': image_id, **values}
           for (kind, one, image_id), values in after.items()
           if (kind, one, image_id) not in before]
    changed = [{'of_kind': kind, 'of_consumer': one, 'of_image': image_id,
                **values}
               for (kind, one, image_id), values in after.items()
               if before.get((kind, one, image_id), values) != values]
    if new:
        conn.execute(uses.insert(), new)
    if changed:
        conn.execute(uses.update().where(
            uses.c.kind == sa.bindparam('of_kind'),
            uses.c.consumer_id == sa.bindparam('of_consumer'),
            uses.c.image_id == sa.bindparam('of_image')), changed)


def _going_on(rows: _Rows) -> Counter[str]:
    return Counter(image_id for _kind, _id, image_id in _current(rows))


def _add_up(conn: sa.Connection, before: _Rows, after: _Rows
            ) -> tuple[list[str], list[str]]:
    """:returns: images that are used now, and that are used no more"""
    more = _going_on(after)
    more.subtract(_going_on(before))
    seen: dict[str, int] = {}
    for (_kind, _id, image_id), values in after.items():
        if image_id != merging.NONE:
            # To the second, as it is shown and filtered by.
            moment = values['seen_ms'] // 1000 * 1000
            seen[image_id] = max(moment, seen.get(image_id, 0))
    known = _known_sums(conn, seen)
    sums = {}
    for image_id, moment in seen.items():
        old = known[image_id].sum
        sums[image_id] = _Sum(old.use_count + more[image_id],
                              max(moment, old.last_used_ms))
    _write_sums(conn, known, sums)
    counts = [(one, known[one].sum.use_count, new.use_count)
              for one, new in sorted(sums.items())]
    return ([one for one, old, new in counts if new and not old],
            [one for one, old, new in counts if old and not new])


def _known_sums(conn: sa.Connection, image_ids: Collection[str]
                ) -> dict[str, _Known]:
    """The sums of images; one statement."""
    if not image_ids:
        return {}
    forms = [form for one in image_ids for form in ids.forms(one)]
    images = schema.images
    rows = conn.execute(sa.union_all(
        sa.select(totals.c.image_id, totals.c.use_count, totals.c.last_used_ms
                  ).where(totals.c.image_id.in_(forms)),
        sa.select(images.c.id, sa.null(), sa.null()).where(
            images.c.id.in_(forms)))).all()
    named = {row.image_id: row.image_id for row in rows}
    sums = {row.image_id: _Sum(row.use_count, row.last_used_ms)
            for row in rows if row.use_count is not None}
    return {one: _Known(ids.find(named, one) or one, ids.find(sums, one))
            for one in image_ids}


def _write_sums(conn: sa.Connection, known: Mapping[str, _Known],
                sums: Mapping[str, _Sum]) -> None:
    new = [{'image_id': known[one].name, **values._asdict()}
           for one, values in sums.items() if known[one].row is None]
    changed = [{'of_image': known[one].name, **values._asdict()}
               for one, values in sums.items()
               if known[one].row not in (None, values)]
    if new:
        conn.execute(totals.insert(), new)
    if changed:
        conn.execute(totals.update().where(
            totals.c.image_id == sa.bindparam('of_image')), changed)


def fold(conn: sa.Connection, keep_days: float, limit: int) -> int:
    """Remove what has ended long ago; the sums stay, and images without one
    get it when there is nothing left to remove.

    All that is known of a consumer goes together, unless a use of it goes on:
    what is left would mean something else.

    :param limit: most rows to remove
    :returns: how many were removed or added
    """
    _lock(conn)
    until = types.now_ms() - int(keep_days * _DAY)
    other = uses.alias('other')
    found = conn.execute(
        sa.select(uses.c.kind, uses.c.consumer_id).where(
            uses.c.until_ms < until, ~sa.exists().where(
                other.c.kind == uses.c.kind,
                other.c.consumer_id == uses.c.consumer_id,
                other.c.until_ms >= until)).limit(limit)).all()
    if not found:
        unused.forget(conn, until)
        return unused.fill(conn)
    removed = 0
    for kind, group in itertools.groupby(sorted(set(map(tuple, found))),
                                         key=lambda one: one[0]):
        removed += conn.execute(uses.delete().where(
            uses.c.kind == kind,
            uses.c.consumer_id.in_([one for _kind, one in group]),
            uses.c.until_ms.is_not(None))).rowcount
    return removed


def _lock(conn: sa.Connection) -> None:
    row_locks.take(conn, totals, {'image_id': _LOCK}, 'last_used_ms',
                   use_count=0)
