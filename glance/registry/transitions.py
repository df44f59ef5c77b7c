"""The one place where the status of an image changes."""

from collections.abc import Callable, Iterable
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import bus
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import states

_Told = Callable[[image_types.Record], Iterable[events.Event]]


def _nothing(image: image_types.Record) -> Iterable[events.Event]:
    return ()


def change(conn: sa.Connection, image_id: str, old: str, new: str,
           before: _Told = _nothing, after: _Told = _nothing,
           forget: bool = False, **columns: typing.Any) -> None:
    """Compare-and-set the status, and tell of it.

    :param before, after: map the changed image to the events that come
        before and after those of the change itself
    :param forget: whether locations go that a queued image was left with
        without their being trusted
    :param columns: further columns to set
    :raises InvalidStatusTransition: never allowed
    :raises Conflict: the image has another status by now
    """
    states.check(old, new)
    if not image_writes.set_status(conn, image_id, old, new, **columns):
        raise exceptions.Conflict(
            'The status of image %s has changed meanwhile' % image_id)
    if forget:
        locations.forget(conn, image_id)
    if not bus.is_configured():
        return
    image = image_rows.get(conn, image_id)
    outbox.write(conn, *before(image), events.of_image('image.update', image),
                 events.status(image, old), *after(image))


def touch(conn: sa.Connection, image_id: str, **columns: typing.Any) -> None:
    """Set columns that have no events of their own, and tell of it."""
    image_writes.update(conn, image_id, columns)
    emit(conn, image_id)


def emit(conn: sa.Connection, image_id: str) -> None:
    """The event of a change that has no other."""
    if bus.is_configured():
        outbox.write(conn, events.of_image(
            'image.update', image_rows.get(conn, image_id)))
