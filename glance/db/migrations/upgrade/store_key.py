"""The metadata of a location names its store as `store`; Rocky and Stein
called that key `backend`.

Values are JSON text. What is no JSON object, or has the word elsewhere, stays
as it is. Where both keys are there, `store` is the newer one and wins.
"""

from collections.abc import Iterator
import json
import typing

import sqlalchemy as sa

_locations = sa.table('image_locations', sa.column('id'),
                      sa.column('meta_data', sa.Text))


def pending(connection: sa.Connection) -> int:
    """How many locations still have the old key."""
    return sum(1 for _ in _old_rows(connection))


def convert(connection: sa.Connection) -> int:
    """Rename the key, in deleted locations too; how many were changed."""
    rows = list(_old_rows(connection))
    for key, text, metadata in rows:
        # Only if nobody has changed it meanwhile: services may be running.
        connection.execute(
            _locations.update()
            .where(_locations.c.id == key, _locations.c.meta_data == text)
            .values(meta_data=json.dumps(_renamed(metadata))))
    return len(rows)


def _old_rows(connection: sa.Connection
              ) -> Iterator[tuple[int, str, dict[str, typing.Any]]]:
    if not sa.inspect(connection).has_table('image_locations'):
        return
    rows = connection.execute(
        sa.select(_locations.c.id, _locations.c.meta_data)
        .where(_locations.c.meta_data.contains('"backend"')))
    for key, text in rows.all():
        metadata = _parse(text)
        if isinstance(metadata, dict) and 'backend' in metadata:
            yield key, text, metadata


def _parse(text: str) -> typing.Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _renamed(metadata: dict[str, typing.Any]) -> dict[str, typing.Any]:
    renamed = {'store' if key == 'backend' else key: value
               for key, value in metadata.items()}
    return {**renamed, 'store': metadata.get('store', metadata['backend'])}
