"""The conductor as a server: it looks for work, also when told to."""

import os
import socket
import threading
import time

from oslo_log import log
import oslo_messaging

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conductor.flows import delete_data
from glance.conductor.flows import delete_location
from glance.conductor.flows import hash_location
from glance.conductor.flows import undo_upload
from glance.conductor import leases
from glance.conf import CONF

LOG = log.getLogger(__name__)

BURST = 0.2     # seconds

FLOWS = {'delete_data': delete_data.run,
         'delete_location': delete_location.run,
         'hash_location': hash_location.run, 'upload': undo_upload.run}


class WorkEndpoint:
    """See `glance.conductor.rpcapi.ConductorAPI`."""

    target = oslo_messaging.Target(namespace='work', version='1.0')

    def __init__(self, woken):
        self._woken = woken

    def wake(self, ctxt):
        self._woken.set()


class Manager:
    """Claims work from the registry and runs the flow of its kind.

    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :param stores: `glance.store.registry.Stores`
    """

    worker = None

    def __init__(self, registry, stores):
        self._registry, self._stores = registry, stores
        self._name = '%s:%d' % (socket.gethostname(), os.getpid())
        self._woken = threading.Event()
        self._stopping = False
        self._task = None
        self.endpoints = [WorkEndpoint(self._woken)]

    def start(self):
        self._task = concurrency.spawn(self._run)

    def stop(self):
        """End in order: the unit of work under way is finished."""
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            self._task.wait()

    def _run(self):
        while not self._stopping:
            if self._woken.wait(CONF.work.poll_interval):
                # What comes in a burst shares one look.
                time.sleep(BURST)
            self._woken.clear()
            try:
                while not self._stopping and self._take_batch():
                    pass
            except exceptions.ServiceUnavailable as error:
                LOG.debug('No work can be claimed: %s', error)
            except Exception:
                LOG.exception('Looking for work failed')

    def _take_batch(self):
        """:returns: whether there may be more"""
        ctxt = context.internal()
        batch = self._registry.work.claim(ctxt, self._name,
                                          CONF.work.batch_size)
        full = len(batch) == CONF.work.batch_size
        with leases.held(self._registry, ctxt, batch):
            while batch:
                self._work(ctxt, batch[0])
                del batch[0]
        return full

    def _work(self, ctxt, unit):
        try:
            FLOWS[unit['kind']](ctxt, self._registry, self._stores, unit)
        except exceptions.LeaseLost:
            LOG.info('Another conductor goes on with %(kind)s of image '
                     '%(image_id)s', unit)
        except Exception as error:
            LOG.exception('%(kind)s of image %(image_id)s failed in attempt '
                          '%(attempt)d', unit)
            self._registry.work.put_back(ctxt, unit['id'], unit['attempt'],
                                         type(error).__name__)
