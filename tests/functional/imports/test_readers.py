"""Stores that judge by themselves who may read are told, and no others."""

from glance.store.drivers.file import filesystem
from tests.fixtures import service
from tests.functional.imports import base

DATA = b'data'


class TestReaders(base.TestCase):
    """One of the two stores is of that kind."""

    def setUp(self):
        super().setUp()
        self.told = []
        self.patch(filesystem.Driver, 'has_readers',
                   property(lambda store: store.id == 'fast'))
        self.patch(filesystem.Driver, 'set_readers',
                   lambda store, url, projects: self.told.append(
                       (store.id, projects)))

    def check_told(self, *projects):
        self.wait_until(lambda: not self.work())
        self.assertEqual([('fast', one) for one in projects], self.told)
        del self.told[:]

    def change(self, image_id, name, value, **kwargs):
        answer = self.service.call(
            'PATCH', '/v2/images/' + image_id,
            [{'op': 'replace', 'path': '/' + name, 'value': value}],
            roles='admin', headers={'Content-Type': service.V21}, **kwargs)
        self.assertEqual(200, answer.status_int, answer.text)

    def test_whole_life(self):
        image_id = self.service.create(visibility='shared')['id']
        members = '/v2/images/%s/members' % image_id
        self.service.call('POST', members, {'member': 'p9'})
        self.check_told()
        self.service.upload(image_id, DATA)
        self.check_told(['p1', 'p9'])
        self.service.call('POST', members, {'member': 'p2'})
        self.check_told(['p1', 'p2', 'p9'])
        self.service.call('DELETE', members + '/p9')
        self.check_told(['p1', 'p2'])
        for visibility, projects in (
                ('public', None), ('private', ['p1']), ('community', None),
                ('shared', ['p1', 'p2'])):
            self.change(image_id, 'visibility', visibility)
            self.check_told(projects)
        self.change(image_id, 'owner', 'p3')
        self.check_told(['p2', 'p3'])
        self.change(image_id, 'name', 'another')
        self.check_told()

    def test_import_and_copy(self):
        self.web.add('data', DATA)
        image_id = self.service.create(visibility='private')['id']
        self.assertEqual(202, self.web_import(
            image_id, 'data', stores=['cold']).status_int)
        self.check_told()
        self.assertEqual(202, self.import_(
            image_id, {'name': 'copy-image'}, admin=True,
            stores=['fast']).status_int)
        self.check_told(['p1'])

    def test_deleted_meanwhile(self):
        self.service.conf.config(group='work', poll_interval=60)
        image_id = self.service.create()['id']
        self.service.upload(image_id, DATA)
        self.service.call('DELETE', '/v2/images/' + image_id)
        self.check_told()
