"""glance-replicator between two services, and between one and a folder."""

import contextlib
import io
import os
import uuid

import fixtures
from oslotest import base
import requests

from glance.cmd import replicator
from tests.fixtures import deployments

NEW = {'disk_format': 'raw', 'container_format': 'bare'}


class TestReplicator(base.BaseTestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here, cls.there = (cls.started(deployments.Standalone())
                               for _number in range(2))

    @classmethod
    def started(cls, fixture):
        fixture.setUp()
        cls.addClassCleanup(fixture.cleanUp)
        return fixture

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        for cloud in (self.here, self.there):
            self.addCleanup(self.clear, cloud)

    def clear(self, cloud):
        for hidden in ('false', 'true'):
            listed = self.request('GET', '?visibility=all&os_hidden='
                                  + hidden, cloud).json()['images']
            for image in listed:
                self.request('DELETE', '/' + image['id'], cloud)

    def request(self, verb, path, cloud=None, **kwargs):
        answer = requests.request(
            verb, (cloud or self.here).url + '/v2/images' + path, timeout=60,
            **kwargs)
        answer.raise_for_status()
        return answer

    def create(self, data=None, **values):
        """:returns: path of the new image"""
        path = '/' + self.request('POST', '', json=dict(
            NEW, **values)).json()['id']
        if data is not None:
            self.request('PUT', path + '/file', data=data, headers={
                'Content-Type': 'application/octet-stream'})
        return path

    def patch(self, path, *operations):
        self.request('PATCH', path, json=operations, headers={
            'Content-Type': 'application/openstack-images-v2.1-json-patch'})

    def copied(self, path):
        return self.request('GET', path, self.there).json()

    def run_(self, *arguments, status=0):
        """:returns: the lines that the program prints"""
        places = {'HERE': self.here.url[len('http://'):],
                  'THERE': self.there.url, 'FOLDER': self.folder}
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            end = self.assertRaises(
                SystemExit, replicator.main,
                [places.get(word, word) for word in arguments])
        self.assertEqual(status, end.code, output.getvalue())
        return output.getvalue().splitlines()

    def test_a_livecopy_makes_both_services_equal(self):
        whole = self.create(os.urandom(300000), name='whole', tags=['t'],
                            os_distro='debian', visibility='community')
        queued = self.create(name='queued', os_hidden=True)
        quiet = self.create(b'x' * 70000, name='quiet')
        self.request('POST', quiet + '/actions/deactivate')
        self.assertEqual(['Total size is 370000 bytes (361.3 KiB) across '
                          '2 images'], self.run_('size', 'HERE'))
        missing = self.run_('compare', 'HERE', 'THERE')
        self.assertEqual(3, len(missing))
        self.assertIn('("whole"): missing from', '\n'.join(missing))
        self.run_('livecopy', 'HERE', 'THERE')
        self.assertEqual([], self.run_('compare', 'HERE', 'THERE'))
        self.assertEqual(
            self.request('GET', whole + '/file').content,
            self.request('GET', whole + '/file', self.there).content)
        self.assertEqual(['active', 'queued', 'deactivated'], [
            self.copied(path)['status'] for path in (whole, queued, quiet)])
        self.follow_changes(whole)

    def follow_changes(self, path):
        self.patch(path, {'op': 'replace', 'path': '/name', 'value': 'new'},
                   {'op': 'remove', 'path': '/os_distro'},
                   {'op': 'add', 'path': '/a~1b', 'value': '1'})
        self.assertEqual(
            ['a/b is 1', 'name is new', 'os_distro is None'],
            [line.partition('): ')[2].partition(' at ')[0] if ' at ' in line
             else line for line in self.run_('compare', 'HERE', 'THERE')])
        self.assertEqual(
            2, len(self.run_('-D', 'name', 'compare', 'HERE', 'THERE')))
        self.assertEqual(['Updating: ' + path[1:]],
                         self.run_('livecopy', 'HERE', 'THERE'))
        self.assertEqual([], self.run_('livecopy', 'HERE', 'THERE'))
        self.assertEqual('new', self.copied(path)['name'])

    def test_dump_and_load_move_only_what_lacks(self):
        data = os.urandom(200000)
        whole, other = self.create(data, name='whole'), self.create(b'y' * 9)
        self.run_('dump', 'HERE', 'FOLDER', '--metaonly')
        self.assertEqual({whole[1:], other[1:]}, set(os.listdir(self.folder)))
        self.run_('dump', 'HERE', 'FOLDER')
        self.assertEqual([], self.run_('dump', 'HERE', 'FOLDER'))
        os.unlink(self.folder + other + '.img')
        lines = self.run_('load', 'THERE', 'FOLDER', status=1)
        self.assertEqual('1 images failed.', lines[-1])
        self.assertEqual(data, self.request(
            'GET', whole + '/file', self.there).content)
        self.assertEqual(['Storing: ' + other[1:]],
                         self.run_('dump', 'HERE', 'FOLDER'))
        self.assertEqual(['Uploading: ' + other[1:]],
                         self.run_('load', 'THERE', 'FOLDER'))
        self.assertEqual('active', self.copied(other)['status'])

    def test_one_fails(self):
        """A deleted ID stays taken; the rest is copied all the same."""
        taken = self.create(id=str(uuid.uuid4()))
        rest = self.create(name='rest')
        self.request('POST', '', self.there, json=dict(NEW, id=taken[1:]))
        self.request('DELETE', taken, self.there)
        lines = self.run_('livecopy', 'HERE', 'THERE', status=1)
        self.assertEqual('1 images failed.', lines[-1])
        self.assertEqual('rest', self.copied(rest)['name'])
