"""The counters in the text format of Prometheus, over HTTP.

The workers of one program count in files of one folder, the multiprocess mode
of prometheus_client, and share one listening socket: whichever takes the
request answers for all of them. A port for each worker would have monitoring
look for workers as they come and go, and lose what a replaced one has counted.

A worker counts under the number of its place, not of its process: the next
one on the place goes on with the files of the one before. So no count ever
falls, and there are not more files than places.
"""

import os
import tempfile

import prometheus_client
from prometheus_client import multiprocess
from prometheus_client import values

from glance.conf import CONF
from glance.metrics import counters

_FOLDER = 'PROMETHEUS_MULTIPROC_DIR'

# Asked when metrics are read, not counted: collectors of prometheus_client.
GAUGES = prometheus_client.CollectorRegistry()

_place = 0


def is_wanted():
    return bool(CONF.metrics.listen)


def share():
    """Count in files from now on, in this process and those it starts.

    To be called before anything is counted.

    :returns: the folder, which the caller removes at the end
    """
    folder = tempfile.mkdtemp(prefix='glance-metrics-')
    os.environ[_FOLDER] = folder
    values.ValueClass = values.MultiProcessValue(lambda: _place)
    return folder


def take_place(number):
    """Say which worker this process is; no other running one is the same."""
    global _place
    _place = number


def make_app():
    """:returns: the WSGI application that serves the metrics"""
    found = prometheus_client.CollectorRegistry()
    if _FOLDER in os.environ:
        multiprocess.MultiProcessCollector(found)
    else:
        found.register(counters.REGISTRY)
    found.register(GAUGES)
    return prometheus_client.make_wsgi_app(found)
