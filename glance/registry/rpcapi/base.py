"""What the clients of all resources have in common."""


class Resource:
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
