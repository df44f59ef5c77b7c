"""What the clients of all resources have in common."""


def unless_received(received):
    """Arguments by which the end of an upload tells that no data came."""
    return {} if received else {'version': '1.8', 'received': False}


class Resource:
    """The methods of one namespace, over the guarded client.

    `version` is that of a method which names none: the first that had the
    resource.
    """

    namespace = None
    version = '1.0'

    def __init__(self, rpc):
        self._rpc = rpc

    def _call(self, ctxt, method, version=None, **arguments):
        return self._rpc.call(ctxt, self.namespace, method,
                              version=version or self.version, **arguments)

    def _write(self, ctxt, method, version=None, **arguments):
        return self._rpc.write(ctxt, self.namespace, method,
                               version=version or self.version, **arguments)

    def _cast(self, ctxt, method, version=None, **arguments):
        return self._rpc.cast(ctxt, self.namespace, method,
                              version=version or self.version, **arguments)
