"""Images: read, list, create, update, delete, deactivate."""

import functools

import oslo_messaging

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import stages
from glance.db.durable import work
from glance.db.images import image_list
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import quotas
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import ids
from glance.objects import states
from glance.registry import image_patch as image_changes
from glance.registry import transactions
from glance.registry import transitions


def _by_service(items, max_bytes=None):
    """An administrator with None as project is the service, at work on what
    has just changed; with an empty one it is a user.
    """
    return any(project is None and is_admin
               for _id, project, is_admin in items)


class ImagesEndpoint:
    """See `glance.registry.rpcapi.Images` for arguments and answers."""

    target = oslo_messaging.Target(namespace='images', version='1.9')

    @functools.partial(transactions.read, newest=_by_service)
    def get_many(self, conn, ctxt, items):
        return _seen_by(items, image_rows.get_many(
            conn, *_ids_and_projects(items)))

    @functools.partial(transactions.read, newest=_by_service)
    def get_fitting(self, conn, ctxt, items, max_bytes):
        found, is_cut = image_rows.get_fitting(
            conn, *_ids_and_projects(items), max_bytes)
        images, seen = {}, []
        for image in _seen_by(items, found):
            seen.append(image and {'id': image['id'],
                                   'member': image.pop('member')})
            if image:
                images[image['id']] = image
        left_out = {item[0] for item in items
                    if is_cut and ids.find(found, item[0]) is None}
        return {'images': images, 'seen': seen, 'left_out': list(left_out)}

    @transactions.read
    def list(self, conn, ctxt, query):
        images, is_cut = image_list.list(conn, query, ctxt.project_id,
                                         ctxt.is_admin)
        if 'max_bytes' not in query:
            # Callers that know of no bound want nothing but images.
            return images
        return {'images': images, 'is_cut': is_cut}

    @transactions.write
    def create(self, conn, ctxt, image, limits=None):
        quotas.check(conn, image['owner'], limits, image_count_total=1)
        image_writes.create(conn, image)
        image = image_rows.get_new(conn, image['id'])
        outbox.write(conn, events.of_image('image.create', image),
                     events.status(image, None))
        return dict(image, member=None)

    @transactions.write
    def update(self, conn, ctxt, image_id, changes):
        image_changes.apply(conn, image_id, changes)
        image = image_rows.get(conn, image_id)
        outbox.write(conn, events.of_image('image.update', image))
        return dict(image, member=None)

    @transactions.write
    def add_tag(self, conn, ctxt, image_id, tag, limit):
        image_changes.apply(conn, image_id, {
            'add_tag': tag, 'limits': {'tags': limit}})
        transitions.emit(conn, image_id)

    @transactions.write
    def remove_tag(self, conn, ctxt, image_id, tag):
        if not (image_writes.update(conn, image_id, {})
                and image_writes.remove_tags(conn, image_id, [tag])):
            raise exceptions.NotFound('Image %s has no tag %s'
                                      % (image_id, tag))
        transitions.emit(conn, image_id)

    @transactions.write
    def deactivate(self, conn, ctxt, image_id):
        _switch(conn, image_id, states.ACTIVE, states.DEACTIVATED)

    @transactions.write
    def reactivate(self, conn, ctxt, image_id):
        _switch(conn, image_id, states.DEACTIVATED, states.ACTIVE)

    @transactions.write
    def delete(self, conn, ctxt, image_id):
        row = image_writes.lock(conn, image_id)
        if row is None or row.deleted:
            raise exceptions.ImageNotFound(image_id=image_id)
        if row.protected:
            raise exceptions.Forbidden(
                'Image %s is protected and cannot be deleted.' % image_id)
        return remove(conn, image_rows.get(conn, image_id))


def _ids_and_projects(items):
    return ({image_id for image_id, _project, _admin in items},
            {project for _id, project, _admin in items if project})


def _seen_by(items, found):
    return [_seen(ids.find(found, image_id), project_id, is_admin)
            for image_id, project_id, is_admin in items]


def _seen(image, project_id, is_admin):
    """The image as this caller sees it, or None."""
    if image is None or not image_rows.is_visible(image, project_id,
                                                  is_admin):
        return None
    seen = dict(image, member=project_id if project_id in image['members']
                else None)
    del seen['members']
    return seen


def _switch(conn, image_id, old, new):
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.ImageNotFound(image_id=image_id)
    if row.status == new:
        return
    if row.status != old:
        raise exceptions.Forbidden(
            'Image %s has status %s: only active and deactivated images '
            'can be changed so.' % (image_id, row.status))
    transitions.change(conn, image_id, old, new)


def remove(conn, image):
    """Mark the image deleted and leave its data to the conductor.

    :returns: whether there is data to remove
    """
    image_id, old = image['id'], image['status']
    delayed = CONF.delayed_delete and bool(image['locations'])
    new = states.PENDING_DELETE if delayed else states.DELETED
    states.check(old, new)
    image_writes.delete_children(conn, image, new)
    deleted_at = image_writes.delete(conn, image_id, new)
    for location in image['locations']:
        work.create(conn, 'delete_data', image_id,
                    {'url': location['url'],
                     'metadata': location['metadata'],
                     'location': location['id'], 'delayed': delayed},
                    seconds=CONF.scrub_time if delayed else 0,
                    project_id=image['owner'],
                    store_bytes=0 if delayed else image['size'] or 0)
    gone = dict(image, status=new, deleted=True, deleted_at=deleted_at,
                updated_at=deleted_at)
    outbox.write(conn, events.of_image('image.delete', gone),
                 events.status(gone, old))
    is_staged = old == states.UPLOADING and stages.drop(conn, image_id)
    return is_staged or (bool(image['locations']) and not delayed)
