"""Images: their records."""

from glance.common import context
from glance.common import exceptions
from glance.registry.rpcapi import base
from glance.rpc import coalesce

# Images in one call for many callers, and bytes of its answer.
_MOST = 16
_MOST_BYTES = 4 << 20
# Known to be as large: each may have some MiB of properties, and is asked for
# alone.
_LARGE = _MOST_BYTES // _MOST
# Ids of large ones that are kept in mind.
_KNOWN = 1000
_LEFT_OUT = object()


class Images(base.Resource):
    """Image records.

    An image is a dict of the API's attributes (times as text, sizes in
    bytes) with `properties` {name: text}, `tags` sorted, `locations`
    [{"id", "url", "metadata", "status"}] and `member`: the caller's project
    when the image is shared with it, else null.
    """

    namespace = 'images'

    def __init__(self, rpc):
        super().__init__(rpc)
        self._reads = coalesce.Coalescer(self._get_many, max_batch=_MOST)
        # Who shows a large image waits for itself, not with the others.
        self._large_reads = coalesce.Coalescer(self._get_many, max_batch=1)
        self._large = set()

    def get(self, ctxt, image_id):
        """One image as the caller sees it; since 1.0.

        Concurrent calls of a process share their trips over the bus.

        :raises ImageNotFound: absent, or not visible for the caller
        """
        key = (image_id, _project(ctxt), bool(ctxt.is_admin))
        image = _LEFT_OUT
        if image_id not in self._large:
            image = self._reads.get(key, ctxt.request_id)
        if image is _LEFT_OUT:
            image = self._large_reads.get(key, ctxt.request_id)
        if image is None:
            raise exceptions.ImageNotFound(image_id=image_id)
        return image

    def _get_many(self, wanted):
        """:param wanted: {key: ids of the requests that want it}"""
        requests = {one: None for ids in wanted.values() for one in ids}
        found = dict(zip(wanted, self._ask(
            context.internal(','.join(requests)),
            [list(key) for key in wanted])))
        for key, image in found.items():
            if image is not _LEFT_OUT:
                self._note_size(key[0], image)
        return found

    def _ask(self, ctxt, items):
        # Registries of former releases know of no bound; one image has none.
        if len(items) == 1 or not self._rpc.can_send('1.9'):
            return self.get_many(ctxt, items)
        answer = self.get_fitting(ctxt, items, _MOST_BYTES)
        return [_LEFT_OUT if item[0] in answer['left_out']
                else seen and dict(answer['images'][seen['id']],
                                   member=seen['member'])
                for item, seen in zip(items, answer['seen'])]

    def _note_size(self, image_id, image):
        texts = image['properties'].values() if image else ()
        if sum(len(text or '') for text in texts) < _LARGE:
            self._large.discard(image_id)
            return
        if len(self._large) >= _KNOWN:
            self._large.clear()
        self._large.add(image_id)

    def get_many(self, ctxt, items):
        """Images as their callers see them; since 1.0.

        :param items: [[image id, project id, is admin], ...]; an
            administrator with null as project is the service itself, which
            gets what has just changed, also when replicas lag behind
        :returns: for each item an image, or None
        """
        return self._call(ctxt, 'get_many', items=items)

    def get_fitting(self, ctxt, items, max_bytes):
        """As `get_many`, without the largest where it would be too much; an
        image is there once, however many see it; since 1.9.

        :param max_bytes: of the texts of the images, unless the smallest has
            more
        :returns: {"images": {id: image without `member`}, "seen": [for each
            item {"id": of its image, "member"}, or None], "left_out": [id of
            an item that has to be asked for again]}
        """
        return self._call(ctxt, 'get_fitting', version='1.9', items=items,
                          max_bytes=max_bytes)

    def list(self, ctxt, query):
        """A page of images; since 1.0.

        :param query: {"filters": [[column, operator, value], ...] with the
            operators eq neq gt gte lt lte in, "properties": {name: text},
            "tags": [all of them match], "visibility": null or public,
            private, shared, community, all, "member_status": accepted,
            pending, rejected or all, "os_hidden": bool, "sort": [[column,
            "asc" or "desc"], ...] ending in id, "marker": id or null,
            "limit": number, "max_bytes": of the texts of the page, unless its
            first image has more}
        :returns: {"images": [image], "is_cut": whether there are fewer than
            the limit since they are large}
        :raises InvalidMarker: the marker is no image that the caller sees
        """
        # Registries of former releases know of no bound, and give a list.
        answer = self._call(ctxt, 'list', query=query)
        if isinstance(answer, dict):
            return answer
        return {'images': answer, 'is_cut': False}

    @base.since('1.1', 'limits', is_needed=False)
    def create(self, ctxt, image, limits=None):
        """A new queued image; since 1.0.

        :param image: columns by name, `properties`, `tags`
        :param limits: of the image's project, see `glance.common.limits`;
            since 1.1
        :raises Duplicate: the id is in use, or was
        :raises LimitExceeded: the project has as many images as it may have
        """
        return self._write(ctxt, 'create', image=image, limits=limits)

    def update(self, ctxt, image_id, changes):
        """Apply changes; what they do not name stays; since 1.0.

        :param changes: any of "attributes" {column: value},
            "set_properties" {name: text}, "remove_properties" [name],
            "must_exist" and "must_not_exist" [property name], "tags" [all],
            "if_status" [statuses], "limits" {"properties": n, "tags": n},
            where a negative number is no limit, "readers": whether stores
            have to be told who may read, since 1.7
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


def _project(ctxt):
    """Users of a pipeline without authentication, and administrators of the
    whole cloud, have no project either: they are not the service.
    """
    if ctxt.is_admin and isinstance(ctxt, context.RequestContext):
        return ctxt.project_id or ''
    return ctxt.project_id
