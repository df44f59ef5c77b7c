"""What differs between the kinds of definitions in a namespace.

A definition is a dict with its `name`, its times and the attributes of its
kind. The texts in the columns are those of upstream: JSON, and names joined by
commas in `required`.
"""

from collections.abc import Callable, Mapping
import json
import typing

import sqlalchemy as sa

from glance.db.metadefs import resource_types
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import metadef


_Given = Mapping[str, typing.Any]
_Columns = dict[str, typing.Any]
_Pack = Callable[[sa.Connection, _Given], _Columns]
_Unpack = Callable[[types.Row], _Columns]


class Kind(typing.NamedTuple):
    """:ivar title: how to call one of them
    :ivar table: where its rows are
    :ivar source: what is selected from
    :ivar name: column of the name
    :ivar key: column that tells the rows of a namespace apart
    :ivar order: column to sort a list by
    :ivar pack: (conn, definition) -> {column: value}
    :ivar unpack: row -> attributes of the kind
    """

    title: str
    table: sa.Table
    source: sa.FromClause
    name: sa.Column[str]
    key: sa.Column[int]
    order: sa.Column[typing.Any]
    pack: _Pack
    unpack: _Unpack


def _json(row: types.Row) -> metadef.Schema:
    return stored.loaded(row.json_schema, dict, 'json_schema of a definition',
                         row.id)


def _pack_object(conn: sa.Connection, item: _Given) -> _Columns:
    return {'name': item['name'], 'description': item['description'],
            'required': ','.join(item['required']),
            'json_schema': json.dumps(item['properties'])}


def _unpack_object(row: types.Row) -> _Columns:
    return {'description': row.description,
            'required': row.required.split(',') if row.required else [],
            'properties': _json(row)}


def _pack_property(conn: sa.Connection, item: _Given) -> _Columns:
    return {'name': item['name'], 'json_schema': json.dumps(item['schema'])}


def _unpack_property(row: types.Row) -> _Columns:
    return {'schema': _json(row)}


def _pack_tag(conn: sa.Connection, item: _Given) -> _Columns:
    return {'name': item['name']}


def _unpack_tag(row: types.Row) -> _Columns:
    return {}


def _pack_association(conn: sa.Connection, item: _Given) -> _Columns:
    type_id = resource_types.ensure(conn, item['name'],
                                    item.get('is_protected', False))
    return {'resource_type_id': type_id, 'prefix': item['prefix'],
            'properties_target': item['properties_target']}


def _unpack_association(row: types.Row) -> _Columns:
    return {'prefix': row.prefix, 'properties_target': row.properties_target}


def _plain(title: str, table: sa.Table, pack: _Pack, unpack: _Unpack) -> Kind:
    return Kind(title, table, table, table.c.name, table.c.id, table.c.id,
                pack, unpack)


_types = schema.metadef_resource_types
_links = schema.metadef_namespace_resource_types

# In the order that the parts of a new namespace are made and told of.
KINDS: dict[metadef.Kind, Kind] = {
    'resource_types': Kind(
        'association with resource type', _links, _links.join(_types),
        _types.c.name, _links.c.resource_type_id, _types.c.name,
        _pack_association, _unpack_association),
    'objects': _plain('object', schema.metadef_objects, _pack_object,
                      _unpack_object),
    'tags': _plain('tag', schema.metadef_tags, _pack_tag, _unpack_tag),
    'properties': _plain('property', schema.metadef_properties,
                         _pack_property, _unpack_property),
}
