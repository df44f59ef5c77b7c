"""One side of a race: removes data, or restores images, when it is told.

    racer.py remove|restore FOLDER DATABASE

A line on standard input names an image and the milliseconds to wait; the line
that answers says how it went. It is a process of its own, with the endpoints
of a registry in it, for locks and transactions to be those of real life.
"""

from glance import startup  # noqa: F401

import sys
import time
import types

from glance.common import context
from glance.common import exceptions
from glance.conductor.flows import delete_data
from glance.conductor import job as jobs
from glance.conf import CONF
from glance.db.connect import engine
from glance.notifications import bus
from glance.registry.endpoints import deletions
from glance.registry.endpoints import work
from glance.store import backends
from glance.store.drivers.file import filesystem


class Remover:
    """What conductors do with an image whose time is over."""

    def __init__(self, store):
        self._endpoint = work.WorkEndpoint()
        self._deletions = deletions.DeletionsEndpoint()
        self._stores = backends.Stores([store], store.id)

    def __call__(self, ctxt, image_id):
        self._deletions.begin_due(ctxt, limit=10)
        outcome = 'nothing'
        for unit in self._units(ctxt):
            if unit['image_id'] != image_id:
                return 'wrong'
            delete_data.run(jobs.Job(ctxt, self._registry(), self._stores,
                                     unit))
            outcome = 'removed'
        return outcome

    def _units(self, ctxt):
        """One at a time, as if each went to another conductor."""
        while True:
            units = self._endpoint.claim(ctxt, worker='w', limit=1)
            if not units:
                return
            yield units[0]

    def _registry(self):
        def data_deleted(ctxt, *held):
            names = ('work_id', 'attempt', 'image_id')
            self._endpoint.data_deleted(ctxt, **dict(zip(names, held)))
        return types.SimpleNamespace(
            work=types.SimpleNamespace(data_deleted=data_deleted))


class Restorer:

    def __init__(self, store):
        self._endpoint = deletions.DeletionsEndpoint()

    def __call__(self, ctxt, image_id):
        try:
            self._endpoint.restore(ctxt, image_id=image_id)
        except (exceptions.Conflict, exceptions.NotFound):
            return 'refused'
        return 'restored'


def main(side, folder, url):
    CONF([], project='glance', default_config_files=[],
         default_config_dirs=[])
    CONF.set_override('connection', url, 'database')
    bus.register_opts(CONF)
    engine.configure()
    store = filesystem.Driver('file', types.SimpleNamespace(
        filesystem_store_datadir=folder, filesystem_store_datadirs=None,
        filesystem_store_metadata_file=None, filesystem_store_file_perm=0,
        filesystem_store_chunk_size=65536,
        filesystem_thin_provisioning=False))
    act = {'remove': Remover, 'restore': Restorer}[side](store)
    ctxt = context.BusContext(is_admin=True)
    print('ready', flush=True)
    for line in sys.stdin:
        image_id, pause = line.split()
        time.sleep(float(pause) / 1000)
        print(act(ctxt, image_id), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
