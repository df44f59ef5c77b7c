"""A PATCH as the registry applies it: changes, never a whole image.

The row lock of the image is taken first, so that two callers who change
different things both hold, and the conditions are judged on what is there.
"""

from glance.common import exceptions
from glance.db.images import image_writes
from glance.objects import properties
from glance.registry import readers


def apply(conn, image_id, changes):
    """Apply changes to a live image (form: see the registry's rpcapi).

    :raises ImageNotFound, Forbidden, Conflict, LimitExceeded:
    """
    statuses = changes.get('if_status')
    if not image_writes.update(conn, image_id, changes.get('attributes', {}),
                               statuses):
        _explain(conn, image_id, statuses)
    _properties(conn, image_id, changes)
    if 'tags' in changes or 'add_tag' in changes:
        _tags(conn, image_id, changes)
    readers.schedule(conn, image_id, changes)


def _explain(conn, image_id, statuses):
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.ImageNotFound(image_id=image_id)
    raise exceptions.Forbidden(
        'This cannot be changed while the image is %s, only while it is %s.'
        % (row.status, ' or '.join(statuses)))


def _properties(conn, image_id, changes):
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
    _check_limit('properties', changes, _counted(live), _counted(after))
    # A property may get a new name that a database takes for the old one.
    if unwanted:
        image_writes.remove_properties(conn, image_id, unwanted)
        existing.update(dict.fromkeys(unwanted, True))
    if wanted:
        image_writes.set_properties(conn, image_id, wanted, existing)


def _counted(names):
    # What the service itself notes on an image is not charged to its owner.
    return {name for name in names
            if not name.startswith(properties.RESERVED_PREFIX)}


def _check_limit(what, changes, before, after):
    """Lowering a limit makes nobody's image unchangeable."""
    limit = changes.get('limits', {}).get(what, -1)
    count = len(after)
    if 0 <= limit < count and not after <= before:
        raise exceptions.LimitExceeded(
            'The limit has been exceeded on the number of allowed image '
            '%s. Attempted: %d, Maximum: %d' % (what, count, limit))


def _tags(conn, image_id, changes):
    before = image_writes.tags(conn, image_id)
    if 'tags' in changes:
        after = set(changes['tags'])
    else:
        after = before | {changes['add_tag']}
    _check_limit('tags', changes, before, after)
    if before - after:
        image_writes.remove_tags(conn, image_id, sorted(before - after))
    if after - before:
        image_writes.add_tags(conn, image_id, after - before)
