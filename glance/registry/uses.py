"""Images that are in use: kept where that is wanted, and told of."""

import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.usage import pages
from glance.db.usage import uses
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import ids
from glance.objects import image as image_types
from glance.objects import properties

# Texts of the images that are read at once.
_MOST_BYTES = 4 << 20


def check_unused(conn: sa.Connection, image: image_types.Record,
                 unused: bool) -> None:
    """Refuse to delete an image that is in use, where it may not be; one
    statement, none where it may.

    :param image: as read under its row lock
    :param unused: whether the caller may delete none that is in use; an image
        with `os_protect_while_used` nobody may
    :raises Conflict: says by how many
    """
    is_kept = image['properties'].get(properties.PROTECT_USED) == 'true'
    if not CONF['usage'].enabled or not (unused or is_kept):
        return
    own, others = pages.count_holding(conn, image['id'], image['owner'])
    if own or others:
        raise exceptions.Conflict(
            'Image %s is in use: by %d of its own project and %d of others.'
            % (image['id'], own, others))


def tell(conn: sa.Connection, changed: uses.Changed) -> None:
    """The events of images that are used now, or not any more; for those that
    are here.

    Their rows are locked first: an image has its events in the order of its
    changes, and none after its deletion.
    """
    kinds = {**dict.fromkeys(changed.used, 'image.used'),
             **dict.fromkeys(changed.unused, 'image.unused')}
    wanted = [one for one, kind in kinds.items() if outbox.is_wanted(kind)]
    if not (CONF['usage'].enabled and wanted):
        return
    left = image_writes.lock_all(conn, wanted)
    is_cut = bool(left)
    while is_cut:
        found, is_cut = image_rows.get_fitting(conn, left, (), _MOST_BYTES)
        outbox.write(conn, *(events.of_use(kinds[ids.kept(one)], image)
                             for one, image in found.items()))
        left -= found.keys()
