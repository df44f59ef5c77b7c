"""Tests; whether greenlets or threads is settled before any of them loads."""

from glance import startup  # noqa: F401

from futurist import _thread

# Seconds after which an idle thread of a server looks whether it shall end.
# With the one second of the library, whatever serves within the process of a
# test would take most of the test's time for its end.
_thread.ThreadWorker.MAX_IDLE_FOR = 0.05
