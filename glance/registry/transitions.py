"""The one place where the status of an image changes."""

from glance.common import exceptions
from glance.db import image_rows
from glance.db import image_writes
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import states


def change(conn, image_id, old, new, before=(), **columns):
    """Compare-and-set the status, and tell of it.

    :param before: maps the changed image to the events that come first
    :param columns: further columns to set
    :returns: the changed image
    :raises InvalidStatusTransition: never allowed
    :raises Conflict: the image has another status by now
    """
    states.check(old, new)
    if not image_writes.set_status(conn, image_id, old, new, **columns):
        raise exceptions.Conflict(
            'The status of image %s has changed meanwhile' % image_id)
    image = image_rows.get(conn, image_id)
    outbox.write(conn, *(before(image) if before else ()),
                 events.of_image('image.update', image),
                 events.status(image, old))
    return image
