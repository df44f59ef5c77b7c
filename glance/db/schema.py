"""The upstream tables in their final shape, as SQLAlchemy Core tables.

Queries are built from these. The database itself is made by the migrations
only (`glance.db.migrations.upgrade`), so constraints that no query needs are
absent here. Names are `types.Exact`, so that no collation decides which are
equal; the unique keys of MariaDB know collations only, and refuse what differs
less. Columns stand in the order MariaDB keeps them in. Rows of most tables are
only marked as deleted; `updated_at` changes only where a statement says so.
"""

import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db import types
from glance.objects import states

metadata = sa.MetaData()

VISIBILITIES = ('private', 'public', 'shared', 'community')
_moment = types.Lenient(sa.DateTime())


def _created_updated() -> tuple[sa.Column[typing.Any], ...]:
    return (sa.Column('created_at', _moment, nullable=False,
                      default=timeutils.utcnow),
            sa.Column('updated_at', _moment, default=timeutils.utcnow))


def _marks() -> tuple[sa.Column[typing.Any], ...]:
    return (*_created_updated(),
            sa.Column('deleted_at', _moment),
            sa.Column('deleted', sa.Boolean, nullable=False, default=False))


def _id() -> sa.Column[int]:
    return sa.Column('id', sa.Integer, primary_key=True)


def _image_id() -> sa.Column[str]:
    return sa.Column('image_id', sa.String(36), sa.ForeignKey('images.id'),
                     nullable=False)


def _namespace_id(primary_key: bool = False) -> sa.Column[int]:
    return sa.Column('namespace_id', sa.Integer,
                     sa.ForeignKey('metadef_namespaces.id'), nullable=False,
                     primary_key=primary_key)


images = sa.Table(
    'images', metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('name', types.Exact(255)),
    sa.Column('size', types.BigKey),
    sa.Column('status', types.Exact(30), nullable=False),
    *_marks(),
    sa.Column('disk_format', types.Exact(20)),
    sa.Column('container_format', types.Exact(20)),
    sa.Column('checksum', types.Exact(32)),
    sa.Column('owner', types.Exact(255)),
    sa.Column('min_disk', sa.Integer, nullable=False, default=0),
    sa.Column('min_ram', sa.Integer, nullable=False, default=0),
    sa.Column('protected', sa.Boolean, nullable=False, default=False,
              server_default=sa.false()),
    sa.Column('virtual_size', types.BigKey),
    sa.Column('visibility', types.Lenient(
        sa.Enum(*VISIBILITIES, name='image_visibility'), 'private'),
        nullable=False, server_default='shared'),
    sa.Column('os_hidden', sa.Boolean, nullable=False, default=False,
              server_default=sa.false()),
    sa.Column('os_hash_algo', types.Exact(64)),
    sa.Column('os_hash_value', types.Exact(128)))

image_properties = sa.Table(
    'image_properties', metadata,
    _id(), _image_id(),
    sa.Column('name', types.Exact(255), nullable=False),
    sa.Column('value', types.ExactText),
    *_marks())

image_locations = sa.Table(
    'image_locations', metadata,
    _id(), _image_id(),
    sa.Column('value', types.ExactText, nullable=False),
    *_marks(),
    sa.Column('meta_data', sa.Text),
    sa.Column('status', sa.String(30), nullable=False,
              server_default=states.LOCATION_ACTIVE))

image_members = sa.Table(
    'image_members', metadata,
    _id(), _image_id(),
    sa.Column('member', types.Exact(255), nullable=False),
    sa.Column('can_share', sa.Boolean, nullable=False, default=False),
    *_marks(),
    sa.Column('status', sa.String(20), nullable=False,
              default=states.MEMBER_PENDING,
              server_default=states.MEMBER_PENDING))

image_tags = sa.Table(
    'image_tags', metadata,
    _id(), _image_id(),
    sa.Column('value', types.Exact(255), nullable=False),
    *_marks())

tasks = sa.Table(
    'tasks', metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('type', types.Exact(30), nullable=False),
    sa.Column('status', types.Exact(30), nullable=False),
    sa.Column('owner', types.Exact(255), nullable=False),
    sa.Column('expires_at', _moment),
    *_marks(),
    sa.Column('image_id', sa.String(36)),
    sa.Column('request_id', types.Exact(64)),
    sa.Column('user_id', types.Exact(64)))

task_info = sa.Table(
    'task_info', metadata,
    sa.Column('task_id', sa.String(36), sa.ForeignKey('tasks.id'),
              primary_key=True),
    sa.Column('input', sa.Text),
    sa.Column('result', sa.Text),
    sa.Column('message', sa.Text))

metadef_namespaces = sa.Table(
    'metadef_namespaces', metadata,
    _id(),
    sa.Column('namespace', types.Exact(80), nullable=False),
    sa.Column('display_name', sa.String(80)),
    sa.Column('description', sa.Text),
    sa.Column('visibility', sa.String(32)),
    sa.Column('protected', sa.Boolean),
    sa.Column('owner', types.Exact(255), nullable=False),
    *_created_updated())

metadef_resource_types = sa.Table(
    'metadef_resource_types', metadata,
    _id(),
    sa.Column('name', types.Exact(80), nullable=False),
    sa.Column('protected', sa.Boolean, nullable=False, default=False),
    *_created_updated())

metadef_namespace_resource_types = sa.Table(
    'metadef_namespace_resource_types', metadata,
    sa.Column('resource_type_id', sa.Integer,
              sa.ForeignKey('metadef_resource_types.id'), primary_key=True),
    _namespace_id(primary_key=True),
    sa.Column('properties_target', sa.String(80)),
    sa.Column('prefix', sa.String(80)),
    *_created_updated())

metadef_objects = sa.Table(
    'metadef_objects', metadata,
    _id(), _namespace_id(),
    sa.Column('name', types.Exact(80), nullable=False),
    sa.Column('description', sa.Text),
    sa.Column('required', sa.Text),
    sa.Column('json_schema', sa.Text, nullable=False),
    *_created_updated())

metadef_properties = sa.Table(
    'metadef_properties', metadata,
    _id(), _namespace_id(),
    sa.Column('name', types.Exact(80), nullable=False),
    sa.Column('json_schema', sa.Text, nullable=False),
    *_created_updated())

metadef_tags = sa.Table(
    'metadef_tags', metadata,
    _id(), _namespace_id(),
    sa.Column('name', types.Exact(80), nullable=False),
    *_created_updated())

node_reference = sa.Table(
    'node_reference', metadata,
    sa.Column('node_reference_id', types.BigKey, primary_key=True),
    sa.Column('node_reference_url', sa.String(255), nullable=False))

cached_images = sa.Table(
    'cached_images', metadata,
    sa.Column('id', types.BigKey, primary_key=True),
    sa.Column('image_id', sa.String(36), nullable=False),
    sa.Column('last_accessed', _moment, nullable=False),
    sa.Column('last_modified', _moment, nullable=False),
    sa.Column('size', sa.BigInteger, nullable=False),
    sa.Column('hits', sa.Integer, nullable=False),
    sa.Column('checksum', types.Exact(32)),
    sa.Column('node_reference_id', types.BigKey,
              sa.ForeignKey('node_reference.node_reference_id'),
              nullable=False))
