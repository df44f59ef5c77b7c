"""Traces of osprofiler: who starts them, and how they cross the bus.

A trace begins at the HTTP filter `osprofiler`, with headers that are signed by
one of [profiler] hmac_keys. What a call carries over the bus is trusted, like
all that comes over it.
"""

import contextlib
import socket

from osprofiler import initializer
from osprofiler import profiler

from glance.conf import CONF


def start(service):
    """Have traces of this process collected, if they are wanted.

    :returns: whether they are
    """
    if CONF.profiler.enabled:
        initializer.init_from_conf(CONF, context={}, project='glance',
                                   service=service, host=socket.gethostname())
    return CONF.profiler.enabled


@contextlib.contextmanager
def calling(service, method):
    """Around a call; gives what it has to carry, None outside of a trace."""
    found = profiler.get()
    if found is None:
        yield None
        return
    with profiler.Trace('rpc-call', {'service': service, 'method': method}):
        yield {'hmac_key': found.hmac_key, 'base_id': found.get_base_id(),
               'parent_id': found.get_id()}


@contextlib.contextmanager
def serving(carried, service, method):
    """Around what is called.

    :param carried: what `calling` gave at the other end
    """
    if not carried:
        yield
        return
    profiler.init(**carried)
    try:
        with profiler.Trace('rpc', {'service': service, 'method': method}):
            yield
    finally:
        profiler.clean()
