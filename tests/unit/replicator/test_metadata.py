"""What of an image goes to another service."""

from oslotest import base

from glance.replicator import errors
from glance.replicator import metadata
from glance.replicator import service

IMAGE = {'id': 'i', 'name': 'n', 'status': 'active', 'size': 1,
         'os_hash_value': 'h', 'tags': ['b', 'a'], 'os_glance_x': 'y',
         'created_at': 'c', 'a/b': '1', 'self': '/v2/images/i'}


class MetadataTestCase(base.BaseTestCase):

    def test_only_what_users_set_is_carried(self):
        self.assertEqual(
            {'name': 'n', 'tags': ['b', 'a'], 'a/b': '1'},
            metadata.carried(IMAGE, frozenset()))
        self.assertNotIn('a/b', metadata.carried(IMAGE, {'a/b'}))

    def test_order_of_tags_is_no_difference(self):
        self.assertEqual([], metadata.differences(
            IMAGE, dict(IMAGE, tags=['a', 'b']), frozenset()))

    def test_size_and_status_differ_only_with_data(self):
        other = dict(IMAGE, status='queued', size=None)
        self.assertEqual(['size', 'status'], [
            name for name, _ours, _theirs in metadata.differences(
                IMAGE, other, frozenset())])
        self.assertEqual([], metadata.differences(
            IMAGE, other, frozenset(), with_data=False))

    def test_a_patch_has_only_what_differs(self):
        target = {'id': 'i', 'name': 'o', 'tags': ['a', 'b'], 'p~q': 'x',
                  'status': 'queued'}
        self.assertEqual(
            [{'op': 'add', 'path': '/a~1b', 'value': '1'},
             {'op': 'replace', 'path': '/name', 'value': 'n'},
             {'op': 'remove', 'path': '/p~0q'}],
            metadata.patch(IMAGE, target, frozenset()))


class ServerTestCase(base.BaseTestCase):

    def test_a_host_and_a_port_are_a_url(self):
        for text, url in (('h:1', 'http://h:1'), ('[::1]:2', 'http://[::1]:2'),
                          ('https://h/image/', 'https://h/image')):
            self.assertEqual(url, service.url_of(text))

    def test_what_names_no_server_is_refused(self):
        for text in ('h', 'h:', 'h:x', 'ftp://h', 'http://', 'a b:1'):
            self.assertRaises(errors.ReplicatorError, service.url_of, text)
