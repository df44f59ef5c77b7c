"""Usage: who uses which image."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import usage
from glance.registry.rpcapi import base


class Usage(base.Resource):
    """Servers, volumes and what else was said to rest on images."""

    namespace = 'usage'
    version = '1.10'

    def merge(self, ctxt: context.Caller,
              statements: Sequence[usage.Statement]) -> usage.Merged:
        """Take statements into account, whatever their order; since 1.10.

        Those older than [usage] keep_days count for nothing.
        """
        return self._write(ctxt, 'merge', statements=statements)

    def weigh(self, ctxt: context.Caller,
              statements: Sequence[usage.Statement]) -> usage.Merged:
        """What `merge` would do, which does not happen; since 1.10."""
        return self._call(ctxt, 'weigh', statements=statements)

    def list(self, ctxt: context.Caller, image_id: str,
             query: usage.Query) -> usage.Page:
        """A page of the uses of an image, the newest first; since 1.10."""
        return self._call(ctxt, 'list', image_id=image_id, query=query)

    def list_going_on(self, ctxt: context.Caller, query: usage.GoingOn
                      ) -> Sequence[usage.Held]:
        """A page of the uses of one kind that go on; since 1.10."""
        return self._call(ctxt, 'list_going_on', query=query)

    def fold(self, ctxt: context.Caller, limit: int) -> int:
        """Forget uses that ended more than [usage] keep_days ago; since 1.10.

        :param limit: most uses looked at
        :returns: how many were removed; when none was, how many images without
            uses were noted as such
        """
        return self._write(ctxt, 'fold', limit=limit)
