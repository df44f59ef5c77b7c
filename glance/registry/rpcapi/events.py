"""Events: what happened outside the registry."""

from collections.abc import Callable

from glance.common import context
from glance.objects import upload
from glance.registry.rpcapi import base
from glance.rpc import gather


class Events(base.Resource):
    """What happened outside the registry, to be told like the rest."""

    namespace = 'events'

    def image_sent(self, ctxt: context.Caller, payload: upload.Sent) -> None:
        """A user has read image data; a cast; since 1.0."""
        self._cast(ctxt, 'image_sent', payload=payload)

    def images_sent(self, ctxt: context.Caller, payloads: list[upload.Sent]
                    ) -> None:
        """Users have read image data; a cast; since 1.11.

        Older registries are told one by one.
        """
        if self._rpc.can_send('1.11'):
            self._cast(ctxt, 'images_sent', version='1.11', payloads=payloads)
        else:
            for payload in payloads:
                self.image_sent(ctxt, payload)

    def image_cut_off(self, ctxt: context.Caller,
                      payload: upload.Sent) -> None:
        """A download ended before its last byte; a cast; since 1.5."""
        self._cast(ctxt, 'image_cut_off', version='1.5', payload=payload)


def sent_gatherer(events: Callable[[], Events]) -> gather.Gatherer:
    """What users read, told by one message a second at most.

    :returns: whose `add` takes an `upload.Sent`
    """
    return gather.Gatherer(lambda payloads: events().images_sent(
        context.internal(), payloads))
