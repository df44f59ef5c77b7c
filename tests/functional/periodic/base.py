"""A service whose periodic work the tests do themselves, duty by duty."""

import json
import os
import time

import fixtures
from oslotest import base

from glance.common import context
from glance.conductor.periodic import run as runs
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from glance.registry import rpcapi
from glance.store import backends as store_registry
from tests.fixtures import service

DATA = bytes(range(256)) * 2048


class TestCase(base.BaseTestCase):

    multi = True
    conductor = True
    options = {}

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(
            multi=self.multi, conductor=self.conductor, **self.options))
        conf = self.service.conf
        conf.config(enabled_import_methods=['copy-image'])
        conf.config(group='work', poll_interval=0.1, retry_interval=1)
        conf.config(group='periodic', leftovers_grace=0)
        # Nothing relays them: they stay in the outbox.
        conf.config(group='oslo_messaging_notifications',
                    driver=['messagingv2'])
        self.stores = store_registry.load(CONF)

    def do(self, duty):
        """Do a duty now, whether it is due or not."""
        return duty.do(self.run_of(duty))

    def run_of(self, duty):
        return runs.Run(context.internal(), rpcapi.connect(), self.stores,
                        duty.__name__, 1)

    def new(self, data=DATA, **values):
        image_id = self.service.create(**values)['id']
        answer = self.service.upload(image_id, data)
        self.assertEqual(204, answer.status_int, answer.text)
        return image_id

    def copy(self, image_id, store):
        """Have the data copied to a further store."""
        answer = self.service.admin(
            'POST', '/v2/images/%s/import' % image_id,
            {'method': {'name': 'copy-image'}, 'stores': [store]})
        self.assertEqual(202, answer.status_int, answer.text)
        self.wait_until(lambda: store in self.image(image_id)['stores'])
        self.wait_until(lambda: not self.work())

    def image(self, image_id):
        return self.service.admin('GET', '/v2/images/' + image_id).json

    def get(self, image_id, store=None):
        query = '?prefer=' + store if store else ''
        return self.service.call(
            'GET', '/v2/images/%s/file%s' % (image_id, query))

    def path(self, store, name):
        return os.path.join(self.service.state, store, name)

    def files(self, store):
        """{name: bytes} of a store."""
        found = {}
        for name in os.listdir(self.path(store, '')):
            with open(self.path(store, name), 'rb') as file:
                found[name] = file.read()
        return found

    def check_data(self, *received):
        """There is one, and it is the image; a difference is not for the
        eye.
        """
        self.assertEqual([True], [data == DATA for data in received])

    def flip(self, store, image_id):
        """A bit of the data changes, nothing else."""
        path = self.path(store, image_id)
        status = os.stat(path)
        with open(path, 'r+b') as file:
            file.seek(300000)
            byte = file.read(1)[0]
            file.seek(300000)
            file.write(bytes([byte ^ 1]))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def work(self):
        with engine.reader() as conn:
            return conn.execute(own_schema.work.select()).all()

    def events(self, event_type):
        """Payloads of the events so far."""
        with engine.reader() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
        return [json.loads(row.payload) for row in rows
                if row.event_type == event_type]

    def wait_until(self, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise fixtures.TimeoutException()
            time.sleep(0.05)
