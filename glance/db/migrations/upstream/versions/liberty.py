"""The tables as the Liberty release had them: images, tasks, metadata
definitions and the artifact repository.

Older databases that come from Liberty itself are not made here but adopted
(`glance.db.migrations.upgrade.legacy`). Kept apart from `glance.db.schema`,
which describes the present.
"""

import sqlalchemy as sa

from glance.db.migrations import ensure
from glance.db.migrations.upstream import artifacts
from glance.db import types

revision = 'liberty'
down_revision = None

_metadata = sa.MetaData()
_MYSQL = {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8'}


def upgrade():
    ensure.tables(_metadata)
    ensure.tables(artifacts.metadata)


def _boolean(name, **kwargs):
    return sa.Column(name, sa.Boolean(create_constraint=True), **kwargs)


def _times():
    return (sa.Column('created_at', sa.DateTime, nullable=False),
            sa.Column('updated_at', sa.DateTime))


def _marks():
    return (*_times(), sa.Column('deleted_at', sa.DateTime),
            _boolean('deleted', nullable=False))


def _id():
    return sa.Column('id', sa.Integer, primary_key=True)


def _image_id():
    return sa.Column('image_id', sa.String(36), sa.ForeignKey('images.id'),
                     nullable=False)


def _namespace_id():
    return sa.Column('namespace_id', sa.Integer,
                     sa.ForeignKey('metadef_namespaces.id'), nullable=False)


sa.Table(
    'images', _metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('name', sa.String(255)),
    sa.Column('size', types.BigKey),
    sa.Column('status', sa.String(30), nullable=False),
    _boolean('is_public', nullable=False),
    *_marks(),
    sa.Column('disk_format', sa.String(20)),
    sa.Column('container_format', sa.String(20)),
    sa.Column('checksum', sa.String(32)),
    sa.Column('owner', sa.String(255)),
    sa.Column('min_disk', sa.Integer, nullable=False),
    sa.Column('min_ram', sa.Integer, nullable=False),
    _boolean('protected', nullable=False, server_default=sa.false()),
    sa.Column('virtual_size', types.BigKey),
    sa.Index('checksum_image_idx', 'checksum'),
    sa.Index('ix_images_deleted', 'deleted'),
    sa.Index('ix_images_is_public', 'is_public'),
    sa.Index('owner_image_idx', 'owner'),
    **_MYSQL)

sa.Table(
    'image_properties', _metadata,
    _id(), _image_id(),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('value', sa.Text),
    *_marks(),
    sa.Index('ix_image_properties_deleted', 'deleted'),
    sa.Index('ix_image_properties_image_id', 'image_id'),
    sa.UniqueConstraint('image_id', 'name',
                        name='ix_image_properties_image_id_name'),
    **_MYSQL)

sa.Table(
    'image_locations', _metadata,
    _id(), _image_id(),
    sa.Column('value', sa.Text, nullable=False),
    *_marks(),
    sa.Column('meta_data', sa.Text),
    sa.Column('status', sa.String(30), nullable=False,
              server_default='active'),
    sa.Index('ix_image_locations_deleted', 'deleted'),
    sa.Index('ix_image_locations_image_id', 'image_id'),
    **_MYSQL)

sa.Table(
    'image_members', _metadata,
    _id(), _image_id(),
    sa.Column('member', sa.String(255), nullable=False),
    _boolean('can_share', nullable=False),
    *_marks(),
    sa.Column('status', sa.String(20), nullable=False,
              server_default='pending'),
    sa.Index('ix_image_members_deleted', 'deleted'),
    sa.Index('ix_image_members_image_id', 'image_id'),
    sa.Index('ix_image_members_image_id_member', 'image_id', 'member'),
    sa.UniqueConstraint(
        'image_id', 'member', 'deleted_at',
        name='image_members_image_id_member_deleted_at_key'),
    **_MYSQL)

sa.Table(
    'image_tags', _metadata,
    _id(), _image_id(),
    sa.Column('value', sa.String(255), nullable=False),
    *_marks(),
    sa.Index('ix_image_tags_image_id', 'image_id'),
    sa.Index('ix_image_tags_image_id_tag_value', 'image_id', 'value'),
    **_MYSQL)

sa.Table(
    'tasks', _metadata,
    sa.Column('id', sa.String(36), primary_key=True),
    sa.Column('type', sa.String(30), nullable=False),
    sa.Column('status', sa.String(30), nullable=False),
    sa.Column('owner', sa.String(255), nullable=False),
    sa.Column('expires_at', sa.DateTime),
    *_marks(),
    sa.Index('ix_tasks_deleted', 'deleted'),
    sa.Index('ix_tasks_owner', 'owner'),
    sa.Index('ix_tasks_status', 'status'),
    sa.Index('ix_tasks_type', 'type'),
    sa.Index('ix_tasks_updated_at', 'updated_at'),
    **_MYSQL)

sa.Table(
    'task_info', _metadata,
    sa.Column('task_id', sa.String(36), sa.ForeignKey('tasks.id'),
              primary_key=True),
    sa.Column('input', sa.Text),
    sa.Column('result', sa.Text),
    sa.Column('message', sa.Text),
    **_MYSQL)

sa.Table(
    'metadef_namespaces', _metadata,
    _id(),
    sa.Column('namespace', sa.String(80), nullable=False),
    sa.Column('display_name', sa.String(80)),
    sa.Column('description', sa.Text),
    sa.Column('visibility', sa.String(32)),
    _boolean('protected'),
    sa.Column('owner', sa.String(255), nullable=False),
    *_times(),
    sa.Index('ix_metadef_namespaces_owner', 'owner'),
    sa.UniqueConstraint('namespace', name='uq_metadef_namespaces_namespace'),
    **_MYSQL)

sa.Table(
    'metadef_resource_types', _metadata,
    _id(),
    sa.Column('name', sa.String(80), nullable=False),
    _boolean('protected', nullable=False),
    *_times(),
    sa.UniqueConstraint('name', name='uq_metadef_resource_types_name'),
    **_MYSQL)

sa.Table(
    'metadef_namespace_resource_types', _metadata,
    sa.Column('resource_type_id', sa.Integer, primary_key=True),
    sa.Column('namespace_id', sa.Integer, primary_key=True),
    sa.Column('properties_target', sa.String(80)),
    sa.Column('prefix', sa.String(80)),
    *_times(),
    # MariaDB numbers the foreign keys, which its reflected names show.
    sa.ForeignKeyConstraint(['namespace_id'], ['metadef_namespaces.id']),
    sa.ForeignKeyConstraint(['resource_type_id'],
                            ['metadef_resource_types.id']),
    sa.Index('ix_metadef_ns_res_types_namespace_id', 'namespace_id'),
    **_MYSQL)

sa.Table(
    'metadef_objects', _metadata,
    _id(), _namespace_id(),
    sa.Column('name', sa.String(80), nullable=False),
    sa.Column('description', sa.Text),
    sa.Column('required', sa.Text),
    sa.Column('json_schema', sa.Text, nullable=False),
    *_times(),
    sa.Index('ix_metadef_objects_name', 'name'),
    sa.UniqueConstraint('namespace_id', 'name',
                        name='uq_metadef_objects_namespace_id_name'),
    **_MYSQL)

sa.Table(
    'metadef_properties', _metadata,
    _id(), _namespace_id(),
    sa.Column('name', sa.String(80), nullable=False),
    sa.Column('json_schema', sa.Text, nullable=False),
    *_times(),
    sa.Index('ix_metadef_properties_name', 'name'),
    sa.UniqueConstraint('namespace_id', 'name',
                        name='uq_metadef_properties_namespace_id_name'),
    **_MYSQL)

sa.Table(
    'metadef_tags', _metadata,
    _id(), _namespace_id(),
    sa.Column('name', sa.String(80), nullable=False),
    *_times(),
    sa.Index('ix_metadef_tags_name', 'name'),
    sa.UniqueConstraint('namespace_id', 'name',
                        name='uq_metadef_tags_namespace_id_name'),
    **_MYSQL)
