"""Data that nobody owns: told of, removed, and nothing else."""

import os
import uuid

from glance.conductor.periodic import leftovers
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from glance.store.drivers.file import part_file
from tests.functional.periodic import base


class TestLeftovers(base.TestCase):

    conductor = False

    def setUp(self):
        super().setUp()
        self.image_id = self.new(b'owned')
        self.queued = self.service.create()['id']
        self.put(self.queued, 'orphan')
        self.put('.%s.dead-1.part' % self.queued, 'a part')
        self.put('.%s.alive-1.part' % self.work_on(), 'being written')
        self.put(str(uuid.uuid4()), 'of another database')
        self.put('README', 'of a person')
        self.put(self.image_id, 'not in this store', 'cold')

    def put(self, name, text, store='fast'):
        with open(self.path(store, name), 'w') as file:
            file.write(text)
        return name

    def work_on(self):
        image_id = self.service.create()['id']
        with engine.writer() as conn:
            conn.execute(own_schema.work.insert().values(
                id=str(uuid.uuid4()), kind='upload', image_id=image_id,
                state='running', input='{}', attempt=1, created_ms=1,
                lease_until_ms=1 << 60))
        return image_id

    def contents(self, store='fast'):
        return sorted(data.decode() for data in self.files(store).values())

    def test_what_nobody_owns_is_removed(self):
        self.assertEqual({'remove': 3, 'settle': 0, 'unknown': 1,
                          'bytes': 6 + 6 + 17}, self.do(leftovers))
        self.assertEqual(['being written', 'of a person',
                          'of another database', 'owned'], self.contents())
        self.assertEqual([], self.contents('cold'))
        self.assertEqual(b'owned', self.get(self.image_id).body)

    def test_a_report_removes_nothing(self):
        self.service.conf.config(group='periodic', leftovers='report')
        before = self.contents(), self.contents('cold')
        self.assertEqual(3, self.do(leftovers)['remove'])
        self.assertEqual(before, (self.contents(), self.contents('cold')))

    def test_what_is_young_stays(self):
        self.service.conf.config(group='periodic', leftovers_grace=60)
        self.assertEqual(0, self.do(leftovers)['remove'])

    def test_nothing_is_done_when_it_is_off(self):
        self.service.conf.config(group='periodic', leftovers='off')
        self.assertEqual({'off': True}, self.do(leftovers))

    def test_only_an_attempt_with_a_location_is_settled(self):
        """Published, but not settled: the record of the location decides."""
        os.link(self.path('fast', self.image_id),
                self.path('fast', '.%s.a.part' % self.image_id))
        os.link(self.path('fast', self.queued),
                self.path('fast', '.%s.b.part' % self.queued))
        totals = self.do(leftovers)
        self.assertEqual((3, 1), (totals['remove'], totals['settle']))
        self.assertEqual(['being written', 'of a person',
                          'of another database', 'owned'], self.contents())

    def test_deleted_with_delay(self):
        """What can be restored is owned."""
        self.service.conf.config(delayed_delete=True, scrub_time=3600)
        self.service.call('DELETE', '/v2/images/' + self.image_id)
        with engine.writer() as conn:
            conn.execute(own_schema.work.delete().where(
                own_schema.work.c.image_id == self.image_id))
        self.do(leftovers)
        self.assertIn('owned', self.contents())

    def test_exports_stay(self):
        with engine.writer() as conn:
            conn.execute(schema.tasks.insert().values(
                id='10000000-0000-0000-0000-000000000000', type='export',
                status='success', owner='p1', deleted=True))
        self.put('10000000-0000-0000-0000-000000000000', 'an export')
        self.put('.10000000-0000-0000-0000-000000000000.x-1.part', 'dead')
        self.do(leftovers)
        self.assertIn('an export', self.contents())
        self.assertNotIn('dead', self.contents())

    def test_another_one_of_the_same_name(self):
        found = [one for one in self.stores.get('fast').list()
                 if one.image_id == self.queued and one.attempt is None]
        os.unlink(self.path('fast', self.queued))
        self.put(self.queued, 'new data')
        self.stores.get('fast').drop(found[0])
        self.assertIn('new data', self.contents())


class TestRefusedUpload(base.TestCase):
    """A store that cannot remove what was refused."""

    def test_bytes_and_work_go_together(self):
        image_id = self.service.create()['id']
        self.service.conf.config(image_size_cap=1000)
        self.broken = True
        self.patch(part_file.PartFile, 'discard', self.discard(
            part_file.PartFile.discard))
        answer = self.service.upload(image_id, b'x' * 2000, headers={
            'Transfer-Encoding': 'chunked'}, CONTENT_LENGTH='')
        self.assertEqual(413, answer.status_int)
        self.assertEqual(['upload'], [row.kind for row in self.work()])
        self.assertEqual('saving', self.image(image_id)['status'])
        self.assertEqual(1, len(self.files('fast')))
        self.broken = False
        self.wait_until(lambda: not self.work())
        self.assertEqual({}, self.files('fast'))
        self.assertEqual('queued', self.image(image_id)['status'])
        self.assertIn('1000 bytes', self.events('image.upload')[-1])

    def discard(self, real):
        def discard(part):
            if self.broken:
                raise OSError(5, 'Input/output error')
            real(part)
        return discard
