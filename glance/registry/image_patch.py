"""A PATCH as the registry applies it: changes, never a whole image.

The row lock of the image is taken first, so that two callers who change
different things both hold, and the conditions are judged on what is there.
"""

from collections.abc import Collection
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_writes
from glance.objects import image as image_types
from glance.objects import image_rules
from glance.objects import properties
from glance.registry import readers


def apply(conn: sa.Connection, image_id: str,
          changes: image_types.Changes) -> None:
    """Apply changes to a live image.

    :raises ImageNotFound, Forbidden, Conflict, LimitExceeded:
    """
    statuses = changes.get('if_status')
    if not image_writes.update(conn, image_id, changes.get('attributes', {}),
                               statuses):
        _explain(conn, image_id, statuses or ())
    _properties(conn, image_id, changes)
    if 'tags' in changes:
        _set_tags(conn, image_id, image_writes.tags(conn, image_id),
                  set(changes['tags']), changes.get('limits', {}))
    readers.schedule(conn, image_id, changes)


def add_tag(conn: sa.Connection, image_id: str, tag: str, limit: int) -> None:
    """Add a tag to a live image, if it is not there.

    :raises ImageNotFound, LimitExceeded:
    """
    if not image_writes.update(conn, image_id, {}):
        raise exceptions.ImageNotFound(image_id=image_id)
    tags = image_writes.tags(conn, image_id)
    _set_tags(conn, image_id, tags, tags | {tag}, {'tags': limit})


def _explain(conn: sa.Connection, image_id: str,
             statuses: Collection[str]) -> typing.NoReturn:
    row = image_writes.lock_live(conn, image_id)
    raise exceptions.Forbidden(
        'This cannot be changed while the image is %s, only while it is %s.'
        % (row.status, ' or '.join(statuses)))


def _properties(conn: sa.Connection, image_id: str,
                changes: image_types.Changes) -> None:
    wanted = changes.get('set_properties', {})
    unwanted = changes.get('remove_properties', [])
    if not (wanted or unwanted):
        return
    existing = image_writes.property_names(conn, image_id)
    live = {name for name, deleted in existing.items() if not deleted}
    for name in changes.get('must_exist', []):
        if name not in live:
            raise exceptions.Conflict('Property %s does not exist.' % name)
    for name in changes.get('must_not_exist', []):
        if name in live:
            raise exceptions.Conflict('Property %s already present.' % name)
    after = (live | set(wanted)) - set(unwanted)
    _check_limit('properties', changes.get('limits', {}), _counted(live),
                 _counted(after))
    # A property may get a new name that a database takes for the old one.
    if unwanted:
        image_writes.remove_properties(conn, image_id, unwanted)
        existing.update(dict.fromkeys(unwanted, True))
    if wanted:
        image_writes.set_properties(conn, image_id, wanted, existing)


def _counted(names: Collection[str]) -> set[str]:
    # What the service itself notes on an image is not charged to its owner.
    return {name for name in names
            if not name.startswith(properties.RESERVED_PREFIX)}


def _check_limit(what: typing.Literal['properties', 'tags'],
                 limits: image_types.ChangeLimits, before: set[str],
                 after: set[str]) -> None:
    image_rules.check_limit(what, limits.get(what, -1), len(after),
                            is_more=not after <= before)


def _set_tags(conn: sa.Connection, image_id: str, before: set[str],
              after: set[str], limits: image_types.ChangeLimits) -> None:
    _check_limit('tags', limits, before, after)
    if before - after:
        image_writes.remove_tags(conn, image_id, sorted(before - after))
    if after - before:
        image_writes.add_tags(conn, image_id, after - before)
