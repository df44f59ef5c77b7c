"""Chooses greenlets or native threads; every program imports this first.

The environment variable GLANCE_CONCURRENCY says `eventlet` (the default) or
`threading`. The standard library can only be patched before other modules
have taken names from it, hence a module of its own that is imported before
anything else, and an environment variable and not an option of a file.
"""

import logging
import os
import threading
import warnings

VARIABLE = 'GLANCE_CONCURRENCY'
MODES = ('eventlet', 'threading')


def _silence_known_deprecations():
    """eventlet is a documented choice, so its notices are no news.

    With native threads some library imports it nevertheless.
    """
    for message in (r'\s*Eventlet is deprecated',
                    'Eventlet usages are deprecated',
                    'Using (class|function).*[Gg]reen',
                    r'Using fork\(\) is a bad idea'):
        warnings.filterwarnings('ignore', message=message)


def _patch():
    import eventlet
    eventlet.monkey_patch()
    native = eventlet.patcher.original('threading')
    # Native threads ask loggers for their level, and with each line of the log
    # for the threads there are; a green lock that two native threads want at
    # once is never given to the second.
    logging._lock = native.RLock()

    def unlock_threads():
        threading._active_limbo_lock = native.RLock()
    unlock_threads()
    # A child gets a new lock from its threading, which is green.
    os.register_at_fork(after_in_child=unlock_threads)


def init(mode):
    """Set the process up for `mode`; the first call decides."""
    if mode not in MODES:
        raise SystemExit('%s must be one of: %s' % (VARIABLE,
                                                    ', '.join(MODES)))
    _silence_known_deprecations()
    if mode == 'eventlet':
        _patch()
    from oslo_service import backend
    backend.init_backend(backend.BackendType(mode))


init(os.environ.get(VARIABLE) or MODES[0])
