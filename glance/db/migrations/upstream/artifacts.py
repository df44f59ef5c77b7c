"""The tables of the artifact repository, which lived from Liberty to Pike."""

import typing

import sqlalchemy as sa

metadata = sa.MetaData()
_MYSQL: dict[str, typing.Any] = {
    'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8'}


def _id() -> sa.Column[str]:
    return sa.Column('id', sa.String(36), primary_key=True)


def _reference(name: str, target: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), sa.ForeignKey(target),
                     nullable=False)


def _times() -> tuple[sa.Column[typing.Any], ...]:
    return (sa.Column('created_at', sa.DateTime, nullable=False),
            sa.Column('updated_at', sa.DateTime, nullable=False))


sa.Table(
    'artifacts', metadata,
    _id(),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('type_name', sa.String(255), nullable=False),
    sa.Column('type_version_prefix', sa.BigInteger, nullable=False),
    sa.Column('type_version_suffix', sa.String(255)),
    sa.Column('type_version_meta', sa.String(255)),
    sa.Column('version_prefix', sa.BigInteger, nullable=False),
    sa.Column('version_suffix', sa.String(255)),
    sa.Column('version_meta', sa.String(255)),
    sa.Column('description', sa.Text),
    sa.Column('visibility', sa.String(32), nullable=False),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('owner', sa.String(255), nullable=False),
    *_times(),
    sa.Column('deleted_at', sa.DateTime),
    sa.Column('published_at', sa.DateTime),
    sa.Index('ix_artifact_name_and_version', 'name', 'version_prefix',
             'version_suffix'),
    sa.Index('ix_artifact_owner', 'owner'),
    sa.Index('ix_artifact_state', 'state'),
    sa.Index('ix_artifact_type', 'type_name', 'type_version_prefix',
             'type_version_suffix'),
    sa.Index('ix_artifact_visibility', 'visibility'),
    **_MYSQL)

sa.Table(
    'artifact_blobs', metadata,
    _id(), _reference('artifact_id', 'artifacts.id'),
    sa.Column('size', sa.BigInteger, nullable=False),
    sa.Column('checksum', sa.String(32)),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('item_key', sa.String(329)),
    sa.Column('position', sa.Integer),
    *_times(),
    sa.Index('ix_artifact_blobs_artifact_id', 'artifact_id'),
    sa.Index('ix_artifact_blobs_name', 'name'),
    **_MYSQL)

sa.Table(
    'artifact_blob_locations', metadata,
    _id(), _reference('blob_id', 'artifact_blobs.id'),
    sa.Column('value', sa.Text, nullable=False),
    *_times(),
    sa.Column('position', sa.Integer),
    sa.Column('status', sa.String(36)),
    sa.Index('ix_artifact_blob_locations_blob_id', 'blob_id'),
    **_MYSQL)

sa.Table(
    'artifact_dependencies', metadata,
    _id(),
    _reference('artifact_source', 'artifacts.id'),
    _reference('artifact_dest', 'artifacts.id'),
    _reference('artifact_origin', 'artifacts.id'),
    sa.Column('is_direct', sa.Boolean(create_constraint=True),
              nullable=False),
    sa.Column('position', sa.Integer),
    sa.Column('name', sa.String(36)),
    *_times(),
    sa.Index('ix_artifact_dependencies_dest_id', 'artifact_dest'),
    sa.Index('ix_artifact_dependencies_direct_dependencies',
             'artifact_source', 'is_direct'),
    sa.Index('ix_artifact_dependencies_origin_id', 'artifact_origin'),
    sa.Index('ix_artifact_dependencies_source_id', 'artifact_source'),
    **_MYSQL)

sa.Table(
    'artifact_properties', metadata,
    _id(), _reference('artifact_id', 'artifacts.id'),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('string_value', sa.String(255)),
    sa.Column('int_value', sa.Integer),
    sa.Column('numeric_value', sa.Numeric),
    sa.Column('bool_value', sa.Boolean(create_constraint=True)),
    sa.Column('text_value', sa.Text),
    *_times(),
    sa.Column('position', sa.Integer),
    sa.Index('ix_artifact_properties_artifact_id', 'artifact_id'),
    sa.Index('ix_artifact_properties_name', 'name'),
    **_MYSQL)

sa.Table(
    'artifact_tags', metadata,
    _id(), _reference('artifact_id', 'artifacts.id'),
    sa.Column('value', sa.String(255), nullable=False),
    *_times(),
    sa.Index('ix_artifact_tags_artifact_id', 'artifact_id'),
    sa.Index('ix_artifact_tags_artifact_id_tag_value', 'artifact_id',
             'value'),
    **_MYSQL)
