"""The registry as its callers see it.

History of the version:

* 1.0: images, uploads, members, events, work
"""

from glance.common import context
from glance.common import exceptions
from glance.rpc import client
from glance.rpc import coalesce

VERSION = '1.0'


class RegistryAPI:
    """One attribute for each resource; each method takes the context first.

    :raises RegistryUnavailable: from every method, when no registry answers
    """

    def __init__(self, rpc):
        self.images = Images(rpc)
        self.uploads = Uploads(rpc)
        self.members = Members(rpc)
        self.events = Events(rpc)
        self.work = Work(rpc)


class _Resource:
    """The methods of one namespace, over the guarded client."""

    namespace = None

    def __init__(self, rpc):
        self._rpc = rpc

    def _call(self, ctxt, method, **arguments):
        return self._rpc.call(ctxt, self.namespace, method, **arguments)

    def _write(self, ctxt, method, **arguments):
        return self._rpc.write(ctxt, self.namespace, method, **arguments)

    def _cast(self, ctxt, method, **arguments):
        return self._rpc.cast(ctxt, self.namespace, method, **arguments)


class Images(_Resource):
    """Image records.

    An image is a dict of the API's attributes (times as text, sizes in
    bytes) with `properties` {name: text}, `tags` sorted, `locations`
    [{"id", "url", "metadata", "status"}] and `member`: the caller's project
    when the image is shared with it, else null.
    """

    namespace = 'images'

    def __init__(self, rpc):
        super().__init__(rpc)
        self._reads = coalesce.Coalescer(self._get_many)

    def get(self, ctxt, image_id):
        """One image as the caller sees it; since 1.0.

        Concurrent calls of a process share their trips over the bus.

        :raises ImageNotFound: absent, or not visible for the caller
        """
        image = self._reads.get((image_id, ctxt.project_id,
                                 bool(ctxt.is_admin)))
        if image is None:
            raise exceptions.ImageNotFound(image_id=image_id)
        return image

    def _get_many(self, keys):
        return dict(zip(keys, self.get_many(context.internal(),
                                            [list(key) for key in keys])))

    def get_many(self, ctxt, items):
        """Images as their callers see them; since 1.0.

        :param items: [[image id, project id, is admin], ...]
        :returns: for each item an image, or None
        """
        return self._call(ctxt, 'get_many', items=items)

    def list(self, ctxt, query):
        """A page of images; since 1.0.

        :param query: {"filters": [[column, operator, value], ...] with the
            operators eq neq gt gte lt lte in, "properties": {name: text},
            "tags": [all of them match], "visibility": null or public,
            private, shared, community, all, "member_status": accepted,
            pending, rejected or all, "os_hidden": bool, "sort": [[column,
            "asc" or "desc"], ...] ending in id, "marker": id or null,
            "limit": number}
        :raises InvalidMarker: the marker is no image that the caller sees
        """
        return self._call(ctxt, 'list', query=query)

    def create(self, ctxt, image):
        """A new queued image; since 1.0.

        :param image: columns by name, `properties`, `tags`
        :raises Duplicate: the id is in use, or was
        """
        return self._write(ctxt, 'create', image=image)

    def update(self, ctxt, image_id, changes):
        """Apply changes; what they do not name stays; since 1.0.

        :param changes: any of "attributes" {column: value},
            "set_properties" {name: text}, "remove_properties" [name],
            "must_exist" and "must_not_exist" [property name], "tags" [all],
            "if_status" [statuses], "limits" {"properties": n, "tags": n},
            where a negative number is no limit
        :returns: the changed image
        :raises ImageNotFound, Forbidden, Conflict, LimitExceeded:
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           changes=changes)

    def add_tag(self, ctxt, image_id, tag, limit):
        """Add a tag if it is not there; since 1.0.

        :raises ImageNotFound, LimitExceeded:
        """
        self._write(ctxt, 'add_tag', image_id=image_id, tag=tag, limit=limit)

    def remove_tag(self, ctxt, image_id, tag):
        """Remove a tag; since 1.0.

        :raises NotFound: no such image, or it has no such tag
        """
        self._write(ctxt, 'remove_tag', image_id=image_id, tag=tag)

    def deactivate(self, ctxt, image_id):
        """active -> deactivated; nothing if it is; since 1.0.

        :raises ImageNotFound, Forbidden:
        """
        self._write(ctxt, 'deactivate', image_id=image_id)

    def reactivate(self, ctxt, image_id):
        """deactivated -> active; nothing if it is; since 1.0.

        :raises ImageNotFound, Forbidden:
        """
        self._write(ctxt, 'reactivate', image_id=image_id)

    def delete(self, ctxt, image_id):
        """Delete an image and leave its data to a conductor; since 1.0.

        :returns: whether there is data that can be removed now
        :raises ImageNotFound: absent
        :raises Forbidden: protected
        """
        return self._write(ctxt, 'delete', image_id=image_id)


class Uploads(_Resource):
    """An image while its data arrives: a lease that one worker holds."""

    namespace = 'uploads'

    def begin(self, ctxt, image_id, store_id, is_multi, size):
        """queued -> saving; since 1.0.

        :param store_id: where the data goes
        :param is_multi: whether readers of events know the store by its id
        :param size: announced bytes, or None
        :returns: {"id", "attempt", "lease": seconds until it must be renewed}
        :raises Conflict: the image is not queued
        """
        return self._write(ctxt, 'begin', image_id=image_id,
                           store_id=store_id, is_multi=is_multi, size=size)

    def renew(self, ctxt, image_id, upload_id, attempt):
        """A sign of life; since 1.0.

        :raises LeaseLost: a conductor has undone the upload
        :raises Gone: the image was deleted
        """
        self._call(ctxt, 'renew', image_id=image_id, upload_id=upload_id,
                   attempt=attempt)

    def finish(self, ctxt, image_id, upload_id, attempt, data):
        """saving -> active, with size, hashes and location; since 1.0.

        :param data: {"size", "virtual_size", "checksum", "os_hash_algo",
            "os_hash_value", "url", "metadata"}
        :raises LeaseLost, Gone: as `renew`; the data must be removed
        """
        self._write(ctxt, 'finish', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, data=data)

    def fail(self, ctxt, image_id, upload_id, attempt, reason):
        """saving -> queued, when the data is removed again; since 1.0.

        :raises LeaseLost: somebody else has done so
        """
        self._write(ctxt, 'fail', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, reason=reason)


class Members(_Resource):
    """Members: {"image_id", "member_id", "status", "created_at",
    "updated_at"}.
    """

    namespace = 'members'

    def list(self, ctxt, image_id):
        """All members of an image; since 1.0."""
        return self._call(ctxt, 'list', image_id=image_id)

    def get(self, ctxt, image_id, member_id):
        """One member; since 1.0.

        :raises NotFound: not a member
        """
        return self._call(ctxt, 'get', image_id=image_id,
                          member_id=member_id)

    def create(self, ctxt, image_id, member_id, limit):
        """A new, pending member; since 1.0.

        :param limit: most members an image may have, negative for no limit
        :raises Duplicate, LimitExceeded, ImageNotFound:
        """
        return self._write(ctxt, 'create', image_id=image_id,
                           member_id=member_id, limit=limit)

    def update(self, ctxt, image_id, member_id, status):
        """Set pending, accepted or rejected; since 1.0.

        :raises NotFound: not a member
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           member_id=member_id, status=status)

    def delete(self, ctxt, image_id, member_id):
        """Remove a member; since 1.0.

        :raises NotFound: not a member
        """
        self._write(ctxt, 'delete', image_id=image_id, member_id=member_id)


class Events(_Resource):
    """What happened outside the registry, to be told like the rest."""

    namespace = 'events'

    def image_sent(self, ctxt, payload):
        """A user has read image data; a cast; since 1.0.

        :param payload: of the event image.send
        """
        self._cast(ctxt, 'image_sent', payload=payload)


class Work(_Resource):
    """Units of durable work, for conductors."""

    namespace = 'work'

    def claim(self, ctxt, worker, limit):
        """Take work that nobody holds; since 1.0.

        When the answer is lost, the work waits until its lease runs out.

        :param worker: who asks, for people who read the table
        :returns: [{"id", "kind", "image_id", "attempt", "input"}]
        """
        return self._call(ctxt, 'claim', worker=worker, limit=limit)

    def renew(self, ctxt, work_id, attempt):
        """A sign of life; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'renew', work_id=work_id, attempt=attempt)

    def put_back(self, ctxt, work_id, attempt, reason):
        """Let somebody try again later; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'put_back', work_id=work_id, attempt=attempt,
                   reason=reason)

    def data_deleted(self, ctxt, work_id, attempt, image_id):
        """The bytes of one location are gone; since 1.0.

        :raises LeaseLost: somebody else has it
        """
        self._call(ctxt, 'data_deleted', work_id=work_id, attempt=attempt,
                   image_id=image_id)


def connect():
    """:returns: a RegistryAPI over the configured bus"""
    return RegistryAPI(client.Client('registry', None, VERSION))
