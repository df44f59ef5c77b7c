"""Images: read, list, create, update, delete, deactivate."""

from collections.abc import Sequence
import functools
import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.images import image_list
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import ids
from glance.objects import image as image_types
from glance.objects import image_rules
from glance.objects import quota
from glance.objects import states
from glance.registry import image_patch as image_changes
from glance.registry import removal
from glance.registry import transactions
from glance.registry import transitions
from glance.registry import uses


def _by_service(items: Sequence[image_types.Asked],
                max_bytes: int | None = None) -> bool:
    """An administrator with None as project is the service, at work on what
    has just changed; with an empty one it is a user.
    """
    return any(project is None and is_admin
               for _id, project, is_admin in items)


class ImagesEndpoint:
    """See `glance.registry.rpcapi.Images` for arguments and answers."""

    target = oslo_messaging.Target(namespace='images', version='1.10')

    @functools.partial(transactions.read, newest=_by_service)
    def get_many(self, conn: sa.Connection, ctxt: context.BusContext,
                 items: Sequence[image_types.Asked]
                 ) -> Sequence[image_types.Image | None]:
        return _seen_by(items, image_rows.get_many(
            conn, *_ids_and_projects(items)))

    @functools.partial(transactions.read, newest=_by_service)
    def get_fitting(self, conn: sa.Connection, ctxt: context.BusContext,
                    items: Sequence[image_types.Asked],
                    max_bytes: int) -> image_types.Fitting:
        found, is_cut = image_rows.get_fitting(
            conn, *_ids_and_projects(items), max_bytes)
        images: dict[str, image_types.Record] = {}
        seen: list[image_types.Seen | None] = []
        for image in _seen_by(items, found):
            if image is None:
                seen.append(None)
                continue
            seen.append({'id': image['id'], 'member': image.pop('member')})
            images[image['id']] = image
        left_out = {item[0] for item in items
                    if is_cut and ids.find(found, item[0]) is None}
        return {'images': images, 'seen': seen, 'left_out': list(left_out)}

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             query: image_types.Query, usage: bool = False
             ) -> image_types.Page | Sequence[image_types.Image]:
        page = image_list.list(conn, query, ctxt.project_id, ctxt.is_admin)
        if 'max_bytes' not in query:
            # Callers that know of no bound want nothing but images.
            return page['images']
        return page

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               image: image_types.NewImage,
               limits: quota.Limits | None = None) -> image_types.Image:
        quotas.check(conn, image['owner'], limits, image_count_total=1)
        image_writes.create(conn, image)
        made: image_types.Record = image_rows.get_new(conn, image['id'])
        outbox.write(conn, events.of_image('image.create', made),
                     events.status(made, None))
        return {**made, 'member': None}

    @transactions.write
    def update(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str,
               changes: image_types.Changes) -> image_types.Image:
        image_changes.apply(conn, image_id, changes)
        image: image_types.Record = image_rows.get(conn, image_id)
        outbox.write(conn, events.of_image('image.update', image))
        return {**image, 'member': None}

    @transactions.write
    def add_tag(self, conn: sa.Connection, ctxt: context.BusContext,
                image_id: str, tag: str, limit: int) -> None:
        image_changes.add_tag(conn, image_id, tag, limit)
        transitions.emit(conn, image_id)

    @transactions.write
    def remove_tag(self, conn: sa.Connection, ctxt: context.BusContext,
                   image_id: str, tag: str) -> None:
        if not (image_writes.update(conn, image_id, {})
                and image_writes.remove_tags(conn, image_id, [tag])):
            raise exceptions.NotFound('Image %s has no tag %s'
                                      % (image_id, tag))
        transitions.emit(conn, image_id)

    @transactions.write
    def deactivate(self, conn: sa.Connection, ctxt: context.BusContext,
                   image_id: str) -> None:
        _switch(conn, image_id, states.ACTIVE, states.DEACTIVATED)

    @transactions.write
    def reactivate(self, conn: sa.Connection, ctxt: context.BusContext,
                   image_id: str) -> None:
        _switch(conn, image_id, states.DEACTIVATED, states.ACTIVE)

    @transactions.write
    def delete(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, unused: bool = False) -> bool:
        row = image_writes.lock_live(conn, image_id)
        image_rules.check_unprotected(image_id, row.protected)
        image, has_members = image_rows.get_with_members(conn, image_id)
        uses.check_unused(conn, image, unused)
        return removal.remove_image(conn, image, has_members)


def _ids_and_projects(
        items: Sequence[image_types.Asked]) -> tuple[set[str], set[str]]:
    return ({image_id for image_id, _project, _admin in items},
            {project for _id, project, _admin in items if project})


def _seen_by(items: Sequence[image_types.Asked],
             found: image_rows.Found) -> list[typing.Any]:
    return [_seen(ids.find(found, image_id), project_id, is_admin)
            for image_id, project_id, is_admin in items]


def _seen(image: image_types.Shared | None, project_id: str | None,
          is_admin: bool) -> dict[str, typing.Any] | None:
    """The image as this caller sees it."""
    if image is None or not image_rows.is_visible(image, project_id,
                                                  is_admin):
        return None
    seen: dict[str, typing.Any] = dict(
        image, member=project_id if project_id in image['members'] else None)
    del seen['members']
    return seen


def _switch(conn: sa.Connection, image_id: str, old: str, new: str) -> None:
    row = image_writes.lock_live(conn, image_id)
    if row.status == new:
        return
    if row.status != old:
        raise exceptions.Forbidden(
            'Image %s has status %s: only active and deactivated images '
            'can be changed so.' % (image_id, row.status))
    transitions.change(conn, image_id, old, new)
