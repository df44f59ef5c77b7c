"""OS::Nova::Instance is called OS::Nova::Server since Mitaka.

Where both names are there, one resource type is left: what is associated with
the old name is then associated with the new one, once.
"""

import sqlalchemy as sa

_OLD, _NEW = 'OS::Nova::Instance', 'OS::Nova::Server'

_types = sa.table('metadef_resource_types', sa.column('id'),
                  sa.column('name', sa.String))
_associations = sa.table('metadef_namespace_resource_types',
                         sa.column('resource_type_id'),
                         sa.column('namespace_id'))


def pending(connection: sa.Connection) -> int:
    """How many resource types have the old name."""
    return 1 if _OLD in _ids(connection) else 0


def convert(connection: sa.Connection) -> int:
    """Rename or merge the old one; how many were changed."""
    ids = _ids(connection)
    if _OLD not in ids:
        return 0
    if _NEW in ids:
        _merge(connection, ids[_OLD], ids[_NEW])
    else:
        connection.execute(_types.update()
                           .where(_types.c.id == ids[_OLD])
                           .values(name=_NEW))
    return 1


def _ids(connection: sa.Connection) -> dict[str, int]:
    """:returns: {name: id}"""
    if not sa.inspect(connection).has_table('metadef_resource_types'):
        return {}
    found = connection.execute(sa.select(_types.c.name, _types.c.id).where(
        _types.c.name.in_([_OLD, _NEW])))
    # Collations may find names of other cases.
    return {name: key for name, key in found if name in (_OLD, _NEW)}


def _merge(connection: sa.Connection, old: int, new: int) -> None:
    of = _associations.c.resource_type_id
    has_new = set(connection.scalars(
        sa.select(_associations.c.namespace_id).where(of == new)))
    connection.execute(_associations.delete().where(
        of == old, _associations.c.namespace_id.in_(has_new)))
    connection.execute(_associations.update().where(of == old).values(
        resource_type_id=new))
    connection.execute(_types.delete().where(_types.c.id == old))
