"""The checker of the fault runs finds what it is there to find."""

import hashlib
import os
import types

import fixtures
from oslotest import base

from tests.faults import check
from tests.faults import journal

DATA = b'data'


def event(name, **payload):
    return name, dict(payload, id='i')


def status(old, new):
    return event('image.status', old_status=old, new_status=new)


def update(step, tags, status):
    return event('image.update', properties={'step': step}, tags=tags,
                 status=status)


STORY = [status(None, 'queued'), event('image.create'),
         status('queued', 'saving'), status('saving', 'active'),
         event('image.upload'), event('image.activate'),
         update('1', [], 'active'), update('2', [], 'active'),
         update('2', ['t0'], 'active'),
         ('task.create', {'id': 't'}), ('task.success', {'id': 't'})]


class Database:

    def __init__(self, path):
        self.rows = {'i': types.SimpleNamespace(owner='p')}
        self.places = {'i': {'fast': path}}
        self.used = {'image_size_total': len(DATA), 'image_count_total': 1,
                     'image_stage_total': 0, 'image_count_uploading': 0}
        self.left, self.bad, self.done = [], [], {'t': 'success'}

    def images(self):
        return self.rows

    def locations(self):
        return self.places

    def unfinished(self):
        return self.left

    def usage(self, project):
        return self.used

    def bad_locations(self):
        return self.bad

    def tasks(self):
        return self.done


class Folder:

    def __init__(self, path):
        self._path = path

    def sizes(self):
        return {name: os.path.getsize(os.path.join(self._path, name))
                for name in os.listdir(self._path)}

    def name(self, url):
        return os.path.basename(url)

    def read(self, url):
        with open(url, 'rb') as file:
            return file.read()


class TestCheck(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.path = self.write('i')
        self.database = Database(self.path)
        self.image = journal.Image('i', 'p')
        self.image.status, self.image.data = 'active', DATA
        self.image.stores, self.image.tags = {'fast'}, {'t0'}
        self.image.step = 2
        self.image.states = [(1, 0, 'active'), (2, 0, 'active'),
                             (2, 1, 'active')]
        self.shown = {
            'status': 'active', 'tags': ['t0'], 'step': '2', 'size': len(DATA),
            'checksum': hashlib.md5(DATA, usedforsecurity=False).hexdigest(),
            'os_hash_value': hashlib.sha512(DATA).hexdigest()}
        self.story = list(STORY)

    def write(self, name, data=DATA):
        path = os.path.join(os.path.realpath(self.folder), name)
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def found(self):
        """:returns: {kind: number of findings}"""
        checker = check.Checker(
            types.SimpleNamespace(images={'i': self.image}), self.story,
            self.database, lambda image: self.shown,
            {'fast': Folder(self.folder)}, [])
        checker.check()
        return {kind: len(texts)
                for kind, texts in checker.findings.items() if texts}

    def test_all_is_well(self):
        self.assertEqual({}, self.found())

    def test_lost_patch(self):
        self.shown['step'] = '1'
        self.assertEqual({check.LOST: 1}, self.found())

    def test_lost_image(self):
        self.shown = None
        self.assertEqual({check.LOST: 1}, self.found())

    def test_lost_deletion(self):
        self.image.deleted = True
        self.story += [status('active', 'deleted'), event('image.delete')]
        self.assertEqual({check.LOST: 1}, self.found())

    def test_lost_bytes(self):
        os.unlink(self.path)
        self.assertEqual({check.LOST: 1, check.WRONG: 1}, self.found())

    def test_other_bytes(self):
        self.write('i', b'atad')
        self.assertEqual({check.LOST: 1}, self.found())

    def test_lost_copy(self):
        self.image.stores = {'fast', 'cold'}
        self.assertEqual({check.LOST: 1}, self.found())

    def test_orphaned_bytes(self):
        self.write('.j.1.part')
        self.assertEqual({check.ORPHANED: 1}, self.found())

    def test_an_image_left_saving_is_stuck(self):
        self.database.left = ['image i is saving']
        self.assertEqual({check.STUCK: 1}, self.found())

    def test_a_wrong_sum_of_usage_is_found(self):
        for name in self.database.used:
            self.database.used[name] += 1
            self.assertEqual({check.WRONG: 1}, self.found())
            self.database.used[name] -= 1

    def test_wrong_verdict(self):
        self.database.bad = ['data of image i was called missing']
        self.assertEqual({check.WRONG: 1}, self.found())

    def test_unknown_image(self):
        self.database.rows['j'] = self.database.rows['i']
        self.database.used['image_count_total'] += 1
        self.assertEqual({check.WRONG: 1}, self.found())

    def test_missing_events(self):
        for number in range(len(STORY)):
            self.story = STORY[:number] + STORY[number + 1:]
            self.assertEqual({check.MISSING}, set(self.found()), number)

    def test_events_out_of_order(self):
        for first, second in ((2, 3), (6, 7), (7, 8)):
            self.story = list(STORY)
            self.story[first], self.story[second] = (STORY[second],
                                                     STORY[first])
            self.assertEqual({check.MISSING}, set(self.found()))
