"""Several staging folders on one host, each with an API and a conductor."""

import os
import socket

import fixtures

from glance.common import context
from glance.conductor import job_pool
from glance.conductor.periodic import clock
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from glance.registry import rpcapi
from glance.store import backends as store_registry
from glance.store import staging
from tests.functional.imports import base

DATA = os.urandom(10000)


class TestFolders(base.TestCase):

    conductor = False

    def setUp(self):
        super().setUp()
        self.registry = rpcapi.connect()
        self.folders = [CONF.os_glance_staging_store.filesystem_store_datadir,
                        self.useFixture(fixtures.TempDir()).path]
        self.areas = [self.area(number) for number in (0, 1)]
        self.be(0)
        self.image_id = self.service.create()['id']
        self.assertEqual(204, self.stage(self.image_id, DATA).status_int)

    def area(self, number):
        """:returns: the name of a staging area, and its stores"""
        self.be(number)
        return staging.host(), store_registry.load(CONF)

    def be(self, number):
        """This process becomes the one with a folder."""
        self.service.conf.config(
            group='os_glance_staging_store',
            filesystem_store_datadir=self.folders[number])

    def conduct(self, number):
        """:returns: kinds of the work that the one with a folder has done"""
        self.be(number)
        host, stores = self.areas[number]
        done = []
        while units := self.registry.work.claim(context.internal(), 'w', 10,
                                                host):
            pool = job_pool.JobPool(self.registry, stores)
            for task in [pool.begin(unit) for unit in units]:
                task.wait(60)
            done += [unit['kind'] for unit in units]
            if len(done) > 20:
                break
        return done

    def begin_import(self):
        answer = self.import_(self.image_id, {'name': 'glance-direct'})
        self.assertEqual(202, answer.status_int, answer.text)

    def be_of_the_release_before(self):
        """It knew hosts, and no folders."""
        with engine.writer() as conn:
            conn.execute(own_schema.work.update().where(
                own_schema.work.c.host.is_not(None)).values(
                    host=socket.gethostname()))

    def check_imported(self):
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual(DATA, self.data(self.image_id))
        self.assertEqual([[], []], [os.listdir(one) for one in self.folders])
        self.assertEqual([], self.work())

    def test_imported_by_who_has_the_folder(self):
        self.begin_import()
        self.assertEqual([], self.conduct(1))
        self.assertEqual(['api_image_import'], self.conduct(0))
        self.check_imported()

    def test_staged_by_the_release_before(self):
        for first in (1, 0):
            self.be_of_the_release_before()
            self.begin_import()
            self.conduct(first)
            self.conduct(0)
            self.check_imported()
            self.be(0)
            self.image_id = self.service.create()['id']
            self.stage(self.image_id, DATA)

    def test_begun_by_the_release_before(self):
        """Its conductor has ended, or waits for its next try."""
        self.begin_import()
        self.be_of_the_release_before()
        self.conduct(1)
        self.conduct(0)
        self.check_imported()

    def test_what_is_undone_leaves_nothing_staged(self):
        """What is undone leaves nothing, whoever meets it first."""
        self.begin_import()
        self.be_of_the_release_before()
        task = self.tasks(self.image_id)[-1]['id']
        self.service.call('POST', '/v2/tasks/%s/actions/cancel' % task)
        self.conduct(1)
        self.conduct(0)
        self.assertEqual('failure', self.ended(self.image_id)['status'])
        self.assertEqual([[], []], [os.listdir(one) for one in self.folders])

    def test_who_has_the_folder_deletes_what_is_staged(self):
        for is_old in (False, True):
            if is_old:
                self.be_of_the_release_before()
            self.service.call('DELETE', '/v2/images/' + self.image_id)
            self.assertEqual([] if not is_old else ['delete_staged'],
                             self.conduct(1))
            self.assertEqual(['delete_staged'], self.conduct(0))
            self.assertEqual([[], []], [os.listdir(one)
                                        for one in self.folders])
            self.image_id = self.service.create()['id']
            self.stage(self.image_id, DATA)

    def test_each_folder_is_looked_after(self):
        duties = []
        for number in (0, 1):
            self.be(number)
            duties += [name for name in clock.duties()
                       if name.startswith('staged@')]
        self.assertEqual(2, len(set(duties)), duties)
