"""Images: their records."""

from collections.abc import Sequence
import typing

from glance.common import context
from glance.common import exceptions
from glance.objects import image as image_types
from glance.objects import quota
from glance.registry.rpcapi import base
from glance.rpc import client
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
    """Image records."""

    namespace = 'images'

    def __init__(self, rpc: client.Client) -> None:
        super().__init__(rpc)
        self._reads = coalesce.Coalescer(self._get_many, max_batch=_MOST)
        # Who shows a large image waits for itself, not with the others.
        self._large_reads = coalesce.Coalescer(self._get_many, max_batch=1)
        self._large: set[str] = set()

    def get(self, ctxt: context.Caller, image_id: str) -> image_types.Image:
        """One image as the caller sees it; since 1.0.

        Concurrent calls of a process share their trips over the bus.

        :raises ImageNotFound: absent, or not visible for the caller
        """
        key = (image_id, _project(ctxt), bool(ctxt.is_admin))
        image: typing.Any = _LEFT_OUT
        if image_id not in self._large:
            image = self._reads.get(key, ctxt.request_id)
        if image is _LEFT_OUT:
            image = self._large_reads.get(key, ctxt.request_id)
        if image is None:
            raise exceptions.ImageNotFound(image_id=image_id)
        return image

    def _get_many(self, wanted: coalesce.Wanted) -> coalesce.Found:
        """:param wanted: {key: ids of the requests that want it}"""
        requests = {one: None for ids in wanted.values() for one in ids}
        found = dict(zip(wanted, self._ask(
            context.internal(','.join(requests)),
            list(wanted))))
        for key, image in found.items():
            if image is not _LEFT_OUT:
                self._note_size(key[0], image)
        return found

    def _ask(self, ctxt: context.Caller,
             items: Sequence[image_types.Asked]) -> Sequence[typing.Any]:
        # Registries of former releases know of no bound; one image has none.
        if len(items) == 1 or not self._rpc.can_send('1.9'):
            return self.get_many(ctxt, items)
        answer = self.get_fitting(ctxt, items, _MOST_BYTES)
        return [_LEFT_OUT if item[0] in answer['left_out']
                else seen and dict(answer['images'][seen['id']],
                                   member=seen['member'])
                for item, seen in zip(items, answer['seen'])]

    def _note_size(self, image_id: str,
                   image: image_types.Image | None) -> None:
        texts = image['properties'].values() if image else ()
        if sum(len(text or '') for text in texts) < _LARGE:
            self._large.discard(image_id)
            return
        if len(self._large) >= _KNOWN:
            self._large.clear()
        self._large.add(image_id)

    def get_many(self, ctxt: context.Caller,
                 items: Sequence[image_types.Asked]
                 ) -> Sequence[image_types.Image | None]:
        """Images as their callers see them, one for each item; since 1.0."""
        return self._call(ctxt, 'get_many', items=items)

    def get_fitting(self, ctxt: context.Caller,
                    items: Sequence[image_types.Asked],
                    max_bytes: int) -> image_types.Fitting:
        """As `get_many`, without the largest where it would be too much; an
        image is there once, however many see it; since 1.9.

        :param max_bytes: of the texts of the images, unless the smallest has
            more
        """
        return self._call(ctxt, 'get_fitting', version='1.9', items=items,
                          max_bytes=max_bytes)

    @base.since('1.10', 'usage')
    def list(self, ctxt: context.Caller, query: image_types.Query,
             usage: bool = False) -> image_types.Page:
        """A page of images; since 1.0.

        :param usage: whether it is filtered or sorted by who uses them;
            since 1.10
        :raises InvalidMarker: the marker is no image that the caller sees
        """
        # Registries of former releases know of no bound, and give a list.
        answer = self._call(ctxt, 'list', query=query, usage=usage)
        if isinstance(answer, list):
            return {'images': answer, 'is_cut': False}
        return answer

    @base.since('1.1', 'limits', is_needed=False)
    def create(self, ctxt: context.Caller, image: image_types.NewImage,
               limits: quota.Limits | None = None) -> image_types.Image:
        """A new queued image; since 1.0.

        :param limits: of the image's project; since 1.1
        :raises Duplicate: the id is in use, or was
        :raises LimitExceeded: the project has as many images as it may have
        """
        return self._write(ctxt, 'create', image=image, limits=limits)

    def update(self, ctxt: context.Caller, image_id: str,
               changes: image_types.Changes) -> image_types.Image:
        """Apply changes; what they do not name stays; since 1.0.

        :returns: the changed image
        :raises ImageNotFound, Forbidden, Conflict, LimitExceeded:
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           changes=changes)

    def add_tag(self, ctxt: context.Caller, image_id: str, tag: str,
                limit: int) -> None:
        """Add a tag if it is not there; since 1.0.

        :raises ImageNotFound, LimitExceeded:
        """
        self._write(ctxt, 'add_tag', image_id=image_id, tag=tag, limit=limit)

    def remove_tag(self, ctxt: context.Caller, image_id: str,
                   tag: str) -> None:
        """Remove a tag; since 1.0.

        :raises NotFound: no such image, or it has no such tag
        """
        self._write(ctxt, 'remove_tag', image_id=image_id, tag=tag)

    def deactivate(self, ctxt: context.Caller, image_id: str) -> None:
        """active -> deactivated; nothing if it is; since 1.0.

        :raises ImageNotFound, Forbidden:
        """
        self._write(ctxt, 'deactivate', image_id=image_id)

    def reactivate(self, ctxt: context.Caller, image_id: str) -> None:
        """deactivated -> active; nothing if it is; since 1.0.

        :raises ImageNotFound, Forbidden:
        """
        self._write(ctxt, 'reactivate', image_id=image_id)

    @base.since('1.10', 'unused')
    def delete(self, ctxt: context.Caller, image_id: str,
               unused: bool = False) -> bool:
        """Delete an image and leave its data to a conductor; since 1.0.

        :param unused: whether it must not be in use; since 1.10
        :returns: whether there is data that can be removed now
        :raises ImageNotFound: absent
        :raises Forbidden: protected
        :raises Conflict: in use
        """
        return self._write(ctxt, 'delete', image_id=image_id, unused=unused)


def _project(ctxt: context.Caller) -> str | None:
    """Users of a pipeline without authentication, and administrators of the
    whole cloud, have no project either: they are not the service.
    """
    if ctxt.is_admin and isinstance(ctxt, context.RequestContext):
        return ctxt.project_id or ''
    return ctxt.project_id
