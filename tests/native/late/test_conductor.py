"""Conductors that stand still, write late, and leave nothing behind."""

import gzip
import os
import time

import fixtures

from glance.common import exceptions
from glance.conductor import job_pool
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.images import locations
from tests.fixtures import service
from tests.native.late import base
from tests.native.late import standing

DATA = base.DATA


class TestImports(base.TestCase):

    def begin_download(self, name='cat', **body):
        image_id = self.new_image()
        self.assertEqual(202, self.web_import(image_id, name,
                                              **body).status_int)
        return image_id

    def test_web_download(self):
        self.stand_everywhere(
            lambda: self.begin_download(),
            lambda image_id: self.check_active(image_id, 'fast'))

    def test_a_late_copy_leaves_nothing_unowned(self):
        def begin():
            image_id = self.new_image(DATA)
            self.assertEqual(202, self.import_(
                image_id, {'name': 'copy-image'}, admin=True,
                stores=['cold']).status_int)
            return image_id
        self.stand_everywhere(
            begin, lambda image_id: self.check_active(image_id, 'fast,cold'))

    def test_glance_direct(self):
        def begin():
            image_id = self.new_image()
            self.stage(image_id, DATA)
            self.import_(image_id, {'name': 'glance-direct'})
            return image_id
        self.stand_everywhere(
            begin, lambda image_id: self.check_active(image_id, 'fast'))

    def test_a_late_plugin_leaves_nothing_unowned(self):
        self.service.conf.config(
            group='image_import_opts',
            image_import_plugins=['image_decompression'])
        self.web.add('small', gzip.compress(DATA))

        def new_path(staged):
            if staged._new_path.endswith('-1.part'):
                standing.PartFile.way.at('before a plugin writes')
            return staged._new_path
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.plugins.staged_data.Staged.new_path',
            new_path))
        self.stand_everywhere(
            lambda: self.begin_download('small'),
            lambda image_id: self.check_active(image_id, 'fast'))


class TestFailedImport(base.TestCase):

    def load_stores(self):
        stores = super().load_stores()
        stores.by_id('cold').write = self.refuse
        return stores

    def refuse(self, *args, **kwargs):
        raise exceptions.StorageFull()

    def test_a_late_undo_leaves_the_image_queued(self):
        def begin():
            image_id = self.new_image()
            self.web_import(image_id, 'cat', stores=['fast', 'cold'])
            return image_id

        def check(image_id):
            image = self.image(image_id)
            self.assertEqual(('queued', None),
                             (image['status'], image['size']))
        self.stand_everywhere(begin, check)


class TestTasks(base.TestCase):

    def task(self, kind, **given):
        response = self.service.admin('POST', '/v2/tasks',
                                      {'type': kind, 'input': given})
        self.assertEqual(201, response.status_int, response.text)
        return response.json['id']

    def result(self, task_id):
        task = self.service.admin('GET', '/v2/tasks/' + task_id).json
        self.assertEqual('success', task['status'], task['message'])
        return task['result']

    def delete(self, task_id):
        """The image that the task has made."""
        image_id = self.result(task_id)['image_id']
        if image_id != self.source:
            super().delete(image_id)

    def test_a_late_import_leaves_nothing_unowned(self):
        self.source = None
        self.stand_everywhere(
            lambda: self.task(
                'import', import_from=self.web.url + 'cat',
                import_from_format='raw', image_properties={
                    'disk_format': 'raw', 'owner': service.PROJECT}),
            lambda task_id: self.check_active(
                self.result(task_id)['image_id'], 'fast'))

    def test_a_late_clone_leaves_nothing_unowned(self):
        self.source = self.new_image(DATA)
        self.stand_everywhere(
            lambda: self.task('clone', image_id=self.source, stores=['fast'],
                              image_properties={'owner': service.PROJECT}),
            lambda task_id: self.check_active(
                self.result(task_id)['image_id'], 'fast'))

    def test_a_late_export_leaves_nothing_unowned(self):
        self.source = self.new_image(DATA)

        def check(task_id):
            self.assertEqual('cold', self.result(task_id)['store'])
        self.stand_everywhere(
            lambda: self.task('export', image_id=self.source,
                              export_to={'store': 'cold'}), check)


class TestHeal(base.TestCase):

    def write_file(self, store, name, data):
        """:returns: the location"""
        path = os.path.join(self.service.state, store, name)
        with open(path, 'wb') as file:
            file.write(data)
        return {'url': 'file://' + path, 'metadata': {'store': store}}

    def begin(self):
        image_id = self.new_image(DATA)
        location = self.write_file('cold', image_id, DATA)
        with engine.writer() as conn:
            locations.create(conn, image_id, location['url'],
                             location['metadata'])
        self.write_file('fast', image_id, DATA[::-1])
        first = self.registry.images.get(self.ctxt, image_id)['locations'][0]
        self.registry.audits.failed(self.ctxt, image_id, first, 'hash')
        return image_id

    def test_a_late_writer_leaves_both_copies_good(self):
        self.stand_everywhere(
            self.begin,
            lambda image_id: self.check_active(image_id, 'fast,cold'))


class TestRemoval(base.TestCase):

    def copy(self, image_id):
        self.assertEqual(202, self.import_(
            image_id, {'name': 'copy-image'}, admin=True,
            stores=['cold']).status_int)
        self.conduct()

    def test_of_a_name_that_is_used_again(self):
        self.service.conf.config(delayed_delete=True, scrub_time=0)
        image_id = self.new_image(DATA)
        self.copy(image_id)
        self.assertEqual(204, self.service.admin(
            'DELETE', '/v2/stores/cold/' + image_id).status_int)
        asked = time.monotonic() - CONF.work.lease - 1
        unit, = self.registry.work.claim(self.ctxt, 'first', 2)
        self.conduct()
        self.copy(image_id)
        late = job_pool.JobPool(self.registry, self.stores).begin(unit, asked)
        self.assertEqual(job_pool.LOST, late.wait(standing.PATIENCE))
        self.check_active(image_id, 'fast,cold')
        self.check_owned()
