"""One image as one row: columns, properties, tags and locations together.

The children come as JSON aggregates of scalar sub-selects, so that one
statement without row multiplication loads any number of whole images. The
statements are built once; SQLAlchemy then finds their compiled form again.
"""

from collections.abc import Iterable
import datetime
import functools
import json
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.images import location_cipher
from glance.db.images import locations as location_rows
from glance.db import own_schema
from glance.db import page_bytes
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.db.usage import pages
from glance.objects import attributes
from glance.objects import ids as image_ids
from glance.objects import image as image_types
from glance.objects import location as location_types

images = schema.images
# By id.
Found = dict[str, image_types.Shared]


def _children(image: sa.FromClause, table: sa.Table,
              aggregate: sa.ColumnElement[typing.Any],
              *conditions: sa.ColumnElement[bool],
              source: sa.FromClause | None = None
              ) -> sa.ScalarSelect[typing.Any]:
    return (sa.select(aggregate)
            .select_from(table if source is None else source)
            .where(table.c.image_id == image.c.id, *conditions)
            .scalar_subquery().correlate(image))


def has_usage() -> bool:
    """Whether images have what is known of their uses."""
    return CONF['usage'].enabled


def _usage(image: sa.FromClause) -> list[sa.ColumnElement[typing.Any]]:
    totals = own_schema.image_usage
    return [sa.select(column).where(totals.c.image_id == image.c.id)
            .scalar_subquery().correlate(image).label(column.name)
            for column in (totals.c.use_count, totals.c.last_used_ms)]


def whole(image: sa.FromClause = images,
          has_usage: bool = False) -> list[sa.ColumnElement[typing.Any]]:
    """The select list of a whole image, over the given FROM element.

    :param has_usage: with how many use it, and when it was last used

    Deleted images carry no children: those are deleted with them.
    """
    properties = schema.image_properties
    tags = schema.image_tags
    locations = location_rows.locations
    return [image.c[name] for name in attributes.COLUMNS] + [
        _children(image, properties,
                  types.json_object_agg(properties.c.name,
                                        properties.c.value),
                  types.live(properties)).label('properties'),
        _children(image, tags, types.json_array_agg(tags.c.value),
                  types.live(tags)).label('tags'),
        _children(image, locations, types.json_array_agg(types.json_row(
            sa.literal_column("'id'"), locations.c.id,
            sa.literal_column("'url'"), locations.c.value,
            sa.literal_column("'metadata'"), locations.c.meta_data,
            sa.literal_column("'status'"), location_rows.status)),
            types.live(locations),
            source=location_rows.judged).label('locations')] + (
                _usage(image) if has_usage else [])


def sizes(image: sa.FromClause) -> list[sa.ColumnElement[int]]:
    """Sums of the lengths of the texts that `whole` would fetch, for the
    kinds that there may be many of.
    """
    properties, tags = schema.image_properties, schema.image_tags
    locations = location_rows.locations
    return [sa.func.coalesce(_children(image, table, sa.func.sum(sum(
        (sa.func.coalesce(types.octets(column), 0) for column in columns),
        sa.literal_column('0'))), types.live(table)), 0)
        for table, columns in (
            (properties, (properties.c.name, properties.c.value)),
            (tags, (tags.c.value,)),
            (locations, (locations.c.value, locations.c.meta_data)))]


def members_among(
        image: sa.FromClause,
        projects: sa.BindParameter[str]) -> sa.ColumnElement[str]:
    """JSON array of those of `projects` that are members of the image."""
    members = schema.image_members
    return _children(image, members, types.json_array_agg(members.c.member),
                     types.live(members),
                     members.c.member.in_(projects)).label('members')


def _loaded(value: typing.Any, empty: typing.Any) -> typing.Any:
    if value is None:
        return empty
    return json.loads(value) if isinstance(value, (str, bytes)) else value


@typing.overload
def moment(value: datetime.datetime) -> str:
    ...


@typing.overload
def moment(value: None) -> None:
    ...


def moment(value: datetime.datetime | None) -> str | None:
    """A database time as the API writes it."""
    return value.isoformat(timespec='seconds') + 'Z' if value else None


def _location(row: dict[str, typing.Any]) -> location_types.Location:
    return {'id': row['id'], 'url': location_cipher.decrypt(row['url']),
            'metadata': stored.loaded(
                row['metadata'], dict, 'meta_data of image_locations',
                row['id']),
            'status': row['status']}


def to_image(row: types.Row) -> image_types.Record:
    """:param row: of the columns of `whole`"""
    image = dict(zip(attributes.COLUMNS, row))
    for name in ('created_at', 'updated_at', 'deleted_at'):
        image[name] = moment(image[name])
    image['properties'] = _loaded(row.properties, {})
    image['tags'] = sorted(_loaded(row.tags, []))
    image['locations'] = sorted(
        map(_location, _loaded(row.locations, [])),
        key=lambda location: location['id'])
    if 'use_count' in row._fields:
        image['os_usage_count'] = row.use_count or 0
        image['os_last_used_at'] = (
            pages.moment(row.last_used_ms) if row.last_used_ms else None)
    return typing.cast(image_types.Record, image)


_OF_IDS = (images.c.id.in_(sa.bindparam('ids', expanding=True)),
           types.live(images))
_PROJECTS: sa.BindParameter[str] = sa.bindparam('projects', expanding=True)


@functools.cache
def _by_id(has_usage: bool) -> sa.Select[typing.Any]:
    return sa.select(*whole(has_usage=has_usage)).where(
        images.c.id == sa.bindparam('image_id'), types.live(images))


@functools.cache
def _new(has_usage: bool) -> sa.Select[typing.Any]:
    return _by_id(has_usage).where(~sa.exists().where(
        own_schema.purged_images.c.id == sa.bindparam('image_id')))


@functools.cache
def _with_members(has_usage: bool) -> sa.Select[typing.Any]:
    members = schema.image_members
    return _by_id(has_usage).add_columns(sa.exists().where(
        members.c.image_id == images.c.id,
        types.live(members)).label('has_members'))


@functools.cache
def _many(has_usage: bool) -> sa.Select[typing.Any]:
    return sa.select(*whole(has_usage=has_usage),
                     members_among(images, _PROJECTS)).where(*_OF_IDS)


@functools.cache
def _fitting(has_usage: bool) -> sa.Select[typing.Any]:
    rows = sa.select(*(images.c[name] for name in attributes.COLUMNS)).where(
        *_OF_IDS).subquery('page')
    # The largest are left out: the others do not wait for them.
    found = page_bytes.fitting(
        rows, sum(sizes(rows), page_bytes.size()),
        lambda source: [source.c.bytes, source.c.id],
        sa.bindparam('max_bytes', type_=sa.BigInteger))
    return sa.select(*whole(found, has_usage), members_among(found, _PROJECTS),
                     found.c.found)


def get(conn: sa.Connection, image_id: str) -> image_types.Record:
    """One image, whoever asks; one statement.

    :raises ImageNotFound: there is no such image, or it is deleted
    """
    return to_image(_one(conn, _by_id(has_usage()), image_id))


def get_with_members(conn: sa.Connection,
                     image_id: str) -> tuple[image_types.Record, bool]:
    """As `get`, and whether the image has members."""
    row = _one(conn, _with_members(has_usage()), image_id)
    return to_image(row), bool(row.has_members)


def _one(conn: sa.Connection, statement: sa.Select[typing.Any],
         image_id: str) -> types.Row:
    row = conn.execute(statement, {'image_id': image_id}).first()
    if row is None:
        raise exceptions.ImageNotFound(image_id=image_id)
    return row


def get_new(conn: sa.Connection, image_id: str) -> image_types.Record:
    """One image that was inserted just now; one statement.

    Only a statement after the insert sees for certain what a purge did that
    the insert had to wait for.

    :raises Duplicate: an image that was purged had this id
    """
    row = conn.execute(_new(has_usage()), {'image_id': image_id}).first()
    if row is None:
        raise exceptions.Duplicate('Image ID %s already exists!' % image_id)
    return to_image(row)


def get_many(conn: sa.Connection, ids: Iterable[str],
             projects: Iterable[str | None]) -> Found:
    """Many images, whoever asks; one statement.

    :param ids: UUIDs in any case, see `glance.objects.ids.find`
    :param projects: which projects to look for among the members
    """
    return _found(_rows(conn, _many(has_usage()), ids, projects))


def get_fitting(conn: sa.Connection, ids: Iterable[str],
                projects: Iterable[str | None],
                max_bytes: int) -> tuple[Found, bool]:
    """As many of the images as fit, the smallest first, one at least; one
    statement.

    :param max_bytes: of the texts of them all
    :returns: as `get_many`, and whether some were left out
    """
    rows = _rows(conn, _fitting(has_usage()), ids, projects,
                 max_bytes=max_bytes).all()
    return _found(rows), page_bytes.is_cut(rows)


def _rows(conn: sa.Connection, statement: sa.Select[typing.Any],
          ids: Iterable[str], projects: Iterable[str | None],
          **values: int) -> sa.CursorResult[typing.Any]:
    return conn.execute(statement, dict(
        values, ids=[form for one in ids for form in image_ids.forms(one)],
        projects=list(projects)))


def _found(rows: Iterable[types.Row]) -> Found:
    found: Found = {}
    for row in rows:
        image = to_image(row)
        found[image['id']] = {**image, 'members': _loaded(row.members, [])}
    return found


def is_visible(image: image_types.Shared, project_id: str | None,
               is_admin: bool) -> bool:
    """Whether a caller may know of the image (by id; lists show fewer)."""
    return (is_admin or image['owner'] is None
            or image['visibility'] in ('public', 'community')
            or (project_id is not None
                and (image['owner'] == project_id
                     or (image['visibility'] == 'shared'
                         and project_id in image['members']))))
