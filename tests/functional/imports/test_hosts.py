"""Conductors that come and go, and what is left on their hosts."""

import os
import time

from glance.common import context
from glance.conductor.periodic import expiry
from glance.conductor.periodic import run as runs
from glance.conductor.periodic import staging_cleanup
from glance.db.connect import engine
from glance.db.durable import hosts
from glance.db import own_schema
from glance.db import schema
from glance.registry import rpcapi
from glance.service import parts
from tests.functional.imports import base

DATA = os.urandom(1 << 20)
leases, work = own_schema.leases, own_schema.work


class TestCase(base.TestCase):

    multi = False
    conductor = False

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)
        self.image_id = self.service.create()['id']

    def conduct(self):
        """:returns: a conductor that runs"""
        part = parts.conductor()
        part.start()
        self.addCleanup(part.stop, 5)
        return part

    def change(self, **columns):
        with engine.writer() as conn:
            conn.execute(work.update().where(
                work.c.image_id == self.image_id), columns)


class TestLostHost(TestCase):

    def test_staged_data_is_lost(self):
        self.stage(self.image_id, DATA)
        self.import_(self.image_id, {'name': 'glance-direct'})
        self.service.conf.config(group='work', host_patience=0)
        self.change(host='gone')
        with engine.writer() as conn:
            hosts.see(conn, 'gone')
        self.conduct()
        time.sleep(1)
        # It may be busy.
        self.assertEqual('pending', self.tasks(self.image_id)[0]['status'])
        with engine.writer() as conn:
            conn.execute(leases.update().where(leases.c.holder == 'gone'),
                         {'until_ms': 0})
        task = self.ended(self.image_id)
        self.assertEqual('failure', task['status'])
        self.assertIn('host that has the staged data', task['message'])
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual([], self.work())

    def test_what_can_be_had_again(self):
        self.service.conf.config(group='work', host_patience=0)
        self.web_import(self.image_id, 'cat')
        self.change(host='gone', progress='{"next": "store:file", "state": '
                    '{"staged": {"url": "file:///gone/x", "size": 1}}}')
        self.conduct()
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(DATA, self.data(self.image_id))
        self.assertEqual([], self.staged_files())

    def test_upload_into_staging_whose_host_is_gone(self):
        self.service.conf.config(group='work', host_patience=0)
        self.stage(self.image_id, DATA)
        self.change(host='gone', kind='stage', lease_until_ms=0)
        self.conduct()
        self.wait_until(lambda: not self.work())
        self.assertEqual('queued', self.image(self.image_id)['status'])


class TestDrain(TestCase):

    def test_work_is_handed_over(self):
        self.service.conf.config(graceful_shutdown_timeout=4)
        first = self.conduct()
        self.web_import(self.image_id, 'slow/cat')
        self.wait_until(lambda: self.tasks(self.image_id)[0].get('progress'))
        started = time.monotonic()
        first.stop(5)
        self.assertLess(time.monotonic() - started, 6)
        row, = self.work()
        self.assertEqual(('waiting', None), (row.state, row.lease_owner))
        self.assertEqual('processing', self.tasks(self.image_id)[0]['status'])
        self.conduct()
        task = self.ended(self.image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(DATA, self.data(self.image_id))
        self.assertEqual([], self.staged_files())


class TestPeriodicWork(TestCase):

    def setUp(self):
        super().setUp()
        self.run_ = runs.Run(context.internal(), rpcapi.connect(), None, 'x',
                             1)

    def test_forgotten_files(self):
        self.stage(self.image_id, DATA)
        kept = set(self.staged_files())
        folder = os.path.join(self.service.state, 'staging')
        for name in ('00000000-0000-0000-0000-000000000000',
                     '.00000000-0000-0000-0000-000000000000.x-fetch-1.part',
                     'of somebody else'):
            with open(os.path.join(folder, name), 'w'):
                pass
        staging_cleanup.do(self.run_)
        self.assertEqual(5, len(self.staged_files()))
        self.patch(staging_cleanup.staging.time, 'time',
                   lambda now=time.time(): now + 3601)
        staging_cleanup.do(self.run_)
        self.assertEqual(kept | {'of somebody else'},
                         set(self.staged_files()))

    def test_expired_tasks(self):
        self.conduct()
        self.web_import(self.image_id, 'none')
        self.ended(self.image_id)
        expiry.do(self.run_)
        self.assertEqual(1, len(self.tasks(self.image_id)))
        tasks = schema.tasks
        with engine.writer() as conn:
            conn.execute(tasks.update().values(
                expires_at=tasks.c.created_at))
        self.assertEqual([], self.tasks(self.image_id))
        expiry.do(self.run_)
        with engine.reader() as conn:
            self.assertEqual([True], conn.scalars(
                tasks.select().with_only_columns(tasks.c.deleted)).all())
