"""Imports on a whole service in one process, from a web server beside it."""

import json
import os
import time

import fixtures
from oslotest import base

from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from tests.fixtures.servers import nginx
from tests.fixtures import service


class TestCase(base.BaseTestCase):

    multi = True
    conductor = True

    def setUp(self):
        super().setUp()
        self.web = self.useFixture(nginx.Nginx())
        self.service = self.useFixture(service.Service(
            multi=self.multi, conductor=self.conductor))
        conf = self.service.conf
        conf.config(group='import_filtering_opts',
                    allowed_hosts=['127.0.0.1'], allowed_ports=[self.web.port])
        conf.config(group='work', poll_interval=0.1, progress_interval=0.1,
                    retry_interval=1, max_tries=2)
        # Nothing relays them: they stay in the outbox.
        conf.config(group='oslo_messaging_notifications',
                    driver=['messagingv2'])

    def import_(self, image_id, method, admin=False, headers=None, **body):
        call = self.service.admin if admin else self.service.call
        return call('POST', '/v2/images/%s/import' % image_id,
                    dict(body, method=method), headers=headers)

    def web_import(self, image_id, name, **body):
        return self.import_(image_id, {'name': 'web-download',
                                       'uri': self.web.url + name}, **body)

    def stage(self, image_id, data, **kwargs):
        return self.service.call('PUT', '/v2/images/%s/stage' % image_id,
                                 data, **kwargs)

    def image(self, image_id):
        return self.service.admin('GET', '/v2/images/' + image_id).json

    def tasks(self, image_id):
        return self.service.admin(
            'GET', '/v2/images/%s/tasks' % image_id).json['tasks']

    def ended(self, image_id, seconds=30):
        """Wait for the last task of an image.

        :returns: the task
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            task = self.tasks(image_id)[-1]
            if task['status'] in ('success', 'failure'):
                return task
            time.sleep(0.05)
        raise TimeoutError(json.dumps(task))

    def data(self, image_id, store=None):
        query = '?prefer=' + store if store else ''
        return self.service.call(
            'GET', '/v2/images/%s/file%s' % (image_id, query)).body

    def work(self):
        """Rows of work, without the deletion of data."""
        with engine.reader() as conn:
            return conn.execute(own_schema.work.select().where(
                own_schema.work.c.kind != 'delete_data')).all()

    def events(self):
        """The types of all events so far, in order, with their payloads."""
        with engine.reader() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
        return [(row.event_type, json.loads(row.payload)) for row in rows]

    def break_store(self, name):
        """From now on the store takes no data."""
        folder = os.path.join(self.service.state, name)
        os.rename(folder, folder + '.away')
        with open(folder, 'w'):
            pass

    def mend_store(self, name):
        folder = os.path.join(self.service.state, name)
        os.unlink(folder)
        os.rename(folder + '.away', folder)

    def files(self, name):
        """Names of the files in the folder of a store."""
        return sorted(os.listdir(os.path.join(self.service.state, name)))

    def staged_files(self):
        return os.listdir(CONF.os_glance_staging_store
                          .filesystem_store_datadir)

    def wait_until(self, condition, seconds=15):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise fixtures.TimeoutException()
            time.sleep(0.05)
