"""The uses of one image, page by page, and how many there are."""

import datetime
import typing

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types
from glance.objects import ids
from glance.objects import usage

uses = own_schema.image_uses
totals = own_schema.image_usage

_COLUMNS = ('kind', 'consumer_id', 'project_id', 'since_ms', 'until_ms',
            'seen_ms')


def moment(ms: int) -> str:
    """:returns: milliseconds since the epoch as the API writes times"""
    return datetime.datetime.fromtimestamp(
        ms // 1000, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def get(conn: sa.Connection, image_id: str, project_id: str | None,
        query: usage.Query) -> usage.Page:
    """One page; one statement.

    :param project_id: whose uses are counted beside those of everybody
    """
    image_id = ids.kept(image_id)
    counts = _counts(image_id, project_id)
    # Uses that go on have no end: PostgreSQL wants the index to be named whole
    # to walk it, MariaDB does not walk it then.
    skips_end = query['is_current'] and conn.dialect.name != 'postgresql'
    page = _page(image_id, query, skips_end)
    rows = conn.execute(sa.select(counts, page).select_from(
        counts.outerjoin(page, sa.true())).order_by(
            *_order(page, skips_end))).all()
    found = [row for row in rows if row.kind is not None]
    return {'uses': [_use(row) for row in found],
            'marker': _marker(found[-1], query['is_current'])
            if found else None,
            'total': int(rows[0].total), 'of_project': int(rows[0].own)}


def count_holding(conn: sa.Connection, image_id: str,
                  project_id: str | None) -> tuple[int, int]:
    """How many uses keep an image from being deleted; one statement, which
    reads all that go on.

    Nova removes the snapshot of a shelved server itself, and tells only then
    that the server does not rest on it any more.

    :returns: of the project, and of others
    """
    # Nobody's image is of no project, not even of nobody's consumers.
    is_own = uses.c.project_id == (project_id or '')
    total, own = conn.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((is_own, 1)))).where(
            uses.c.image_id == ids.kept(image_id), uses.c.until_ms.is_(None),
            uses.c.kind != usage.SHELVED)).one()
    return own, total - own


def _counts(image_id: str, project_id: str | None) -> sa.Subquery:
    # Counting everybody's would read them all.
    total = sa.select(totals.c.use_count).where(
        totals.c.image_id.in_(ids.forms(image_id))).scalar_subquery()
    own = sa.select(sa.func.count()).select_from(uses).where(
        uses.c.image_id == image_id, uses.c.project_id == project_id,
        uses.c.until_ms.is_(None)).scalar_subquery()
    return sa.select(sa.func.coalesce(total, 0).label('total'),
                     own.label('own')).subquery('counts')


def _page(image_id: str, query: usage.Query, skips_end: bool) -> sa.Subquery:
    is_current = query['is_current']
    page = sa.select(*(uses.c[name] for name in _COLUMNS)).where(
        uses.c.image_id == image_id,
        uses.c.until_ms.is_(None) if is_current
        else uses.c.until_ms.is_not(None))
    if query['project_id'] is not None:
        page = page.where(uses.c.project_id == query['project_id'])
    if query['marker'] is not None:
        page = page.where(_after(is_current, *query['marker']))
    return page.order_by(*_order(uses, skips_end)).limit(
        query['limit']).subquery('page')


def _order(source: sa.FromClause, skips_end: bool
           ) -> list[sa.ColumnElement[typing.Any]]:
    """The newest first; one direction, as an index has it."""
    return [column.desc() for column in _keys(source, skips_end)]


def _keys(source: sa.FromClause, is_current: bool
          ) -> list[sa.ColumnElement[typing.Any]]:
    moments = ['since_ms'] if is_current else ['until_ms', 'since_ms']
    return [source.c[name] for name in (*moments, 'kind', 'consumer_id')]


def _after(is_current: bool, *marker: typing.Any) -> sa.ColumnElement[bool]:
    keys = _keys(uses, is_current)
    alternatives = [
        sa.and_(*(keys[earlier] == marker[earlier]
                  for earlier in range(number)), keys[number] < value)
        for number, value in enumerate(marker)]
    return sa.and_(keys[0] <= marker[0], sa.or_(*alternatives))


def _marker(row: types.Row, is_current: bool) -> list[typing.Any]:
    return [row.since_ms if is_current else row.until_ms,
            *(() if is_current else (row.since_ms,)), row.kind,
            row.consumer_id]


def _use(row: types.Row) -> usage.Use:
    return {'kind': row.kind, 'id': row.consumer_id,
            'project_id': row.project_id, 'since': moment(row.since_ms),
            'until': None if row.until_ms is None else moment(row.until_ms),
            'last_seen': moment(row.seen_ms)}
