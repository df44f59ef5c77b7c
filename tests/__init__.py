"""Tests; whether greenlets or threads is settled before any of them loads."""

from glance import startup  # noqa: F401

import atexit

from futurist import _thread

# At its end a process would wait for every thread of its executors, also for
# one that answers, over and over, a broker which a test has ended.
atexit.unregister(_thread._clean_up)
