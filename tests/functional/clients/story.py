"""The story each deployment has to tell: images in, the same bytes out."""

import os
import uuid

import fixtures

from tests.fixtures import clients as client_fixtures
from tests.fixtures import images

_SDK_STORY = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          'sdk_story.py')


class ClientStory:
    """Mixed into a test case; the deployment serves all tests of a class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deployment = cls.make_deployment()
        cls.addClassCleanup(cls.deployment.cleanUp)
        cls.deployment.setUp()

    def setUp(self):
        super().setUp()
        self.clients = self.deployment.clients()
        self.directory = self.useFixture(fixtures.TempDir()).path

    def create(self, source, disk_format, *options, container='bare'):
        """Image made by the openstack command out of a file."""
        image = self.clients.openstack(
            'image', 'create', '--disk-format', disk_format,
            '--container-format', container, '--file', images.path(source),
            *options, '%s-%s' % (source, uuid.uuid4().hex[:8]))
        self.assertEqual('active', image['status'])
        self.assertEqual(os.path.getsize(images.path(source)), image['size'])
        self.assertEqual(images.sha512(images.path(source)),
                         image['properties']['os_hash_value'])
        return image

    def assert_saved(self, source, image_id):
        """What the openstack command saves is what was sent."""
        copy = os.path.join(self.directory, 'copy')
        self.clients.run('openstack', 'image', 'save', '--file', copy,
                         image_id)
        self.assertEqual(images.sha512(images.path(source)),
                         images.sha512(copy))

    def assert_gone(self, image_id):
        error = self.assertRaises(
            client_fixtures.ClientError, self.clients.openstack, 'image',
            'show', image_id)
        self.assertIn('No Image found', str(error))

    def ids(self, *options):
        return [image['ID'] for image in self.clients.openstack(
            'image', 'list', *options)]

    def _openstack_round_trip(self, source, disk_format):
        image = self.create(source, disk_format)
        self.assertIn(image['id'], self.ids())
        shown = self.clients.openstack('image', 'show', image['name'])
        self.assertEqual(image['id'], shown['id'])
        self.assertEqual(disk_format, shown['disk_format'])
        self.assert_saved(source, image['id'])
        self.clients.run('openstack', 'image', 'delete', image['id'])
        self.assertNotIn(image['id'], self.ids())
        self.assert_gone(image['id'])

    def test_openstack_iso(self):
        self._openstack_round_trip('mini.iso', 'iso')

    def test_openstack_qcow2(self):
        self._openstack_round_trip('mini.qcow2', 'qcow2')

    def test_openstack_kernel_and_ramdisk(self):
        kernel = self.create('linux', 'aki', container='aki')
        ramdisk = self.create('initrd.gz', 'ari', container='ari')
        machine = self.create(
            'root.ext2', 'ami', '--property', 'kernel_id=' + kernel['id'],
            '--property', 'ramdisk_id=' + ramdisk['id'], container='ami')
        self.assertEqual(kernel['id'], machine['properties']['kernel_id'])
        self.assertEqual(ramdisk['id'], machine['properties']['ramdisk_id'])
        created = [kernel['id'], ramdisk['id'], machine['id']]
        for source, image_id in zip(('linux', 'initrd.gz', 'root.ext2'),
                                    created):
            self.assert_saved(source, image_id)
        self.clients.run('openstack', 'image', 'delete', *created)
        self.assertEqual([], [found for found in self.ids()
                              if found in created])

    def test_openstack_tags_and_properties(self):
        image = self.create('root.ext2', 'raw', '--tag', 'first',
                            '--property', 'os_distro=debian')
        self.assertEqual([image['id']], self.ids(
            '--tag', 'first', '--property', 'os_distro=debian',
            '--name', image['name']))
        self.clients.run('openstack', 'image', 'set', '--tag', 'second',
                         '--property', 'os_version=12', '--min-ram', '64',
                         '--name', 'renamed', image['id'])
        self.clients.run('openstack', 'image', 'unset', '--tag', 'first',
                         '--property', 'os_distro', image['id'])
        shown = self.clients.openstack('image', 'show', image['id'])
        self.assertEqual(['second'], shown['tags'])
        self.assertEqual('12', shown['properties']['os_version'])
        self.assertNotIn('os_distro', shown['properties'])
        self.assertEqual(64, shown['min_ram'])
        self.assertEqual('renamed', shown['name'])
        self.assertEqual([], self.ids('--tag', 'first'))
        self.clients.run('openstack', 'image', 'delete', image['id'])

    def test_openstack_protected(self):
        image = self.create('root.ext2', 'raw', '--protected')
        error = self.assertRaises(
            client_fixtures.ClientError, self.clients.run, 'openstack',
            'image', 'delete', image['id'])
        self.assertIn('403', str(error))
        self.clients.run('openstack', 'image', 'set', '--unprotected',
                         image['id'])
        self.clients.run('openstack', 'image', 'delete', image['id'])

    def test_an_image_lives_its_life_with_glance(self):
        source = images.path('mini.qcow2')
        image = self.clients.glance(
            'image-create', '--name', 'by glance', '--disk-format', 'qcow2',
            '--container-format', 'bare', '--file', source,
            '--property', 'os_distro=debian')
        self.assertEqual('active', image['status'])
        self.assertEqual(images.sha512(source), image['os_hash_value'])
        self.assertIn(image['id'], self.clients.glance('image-list'))
        shown = self.clients.glance('image-show', image['id'])
        self.assertEqual('debian', shown['os_distro'])
        self.clients.glance('image-tag-update', image['id'], 'blue')
        updated = self.clients.glance(
            'image-update', '--name', 'renamed', '--remove-property',
            'os_distro', image['id'])
        self.assertEqual('renamed', updated['name'])
        self.assertNotIn('os_distro', updated)
        self.assertEqual('["blue"]', updated['tags'])
        copy = os.path.join(self.directory, 'copy')
        self.clients.glance('image-download', '--file', copy, image['id'])
        self.assertEqual(images.sha512(source), images.sha512(copy))
        self.clients.glance('image-delete', image['id'])
        self.assertNotIn(image['id'], self.clients.glance('image-list'))

    def test_an_image_lives_its_life_with_the_sdk(self):
        source = images.path('mini.iso')
        seen = self.clients.sdk(_SDK_STORY, source)
        digest = images.sha512(source)
        self.assertEqual(
            {'created': 'active', 'hash': digest, 'downloaded': digest,
             'listed': True, 'tags': ['blue'], 'renamed': 'renamed',
             'visibility': 'private', 'deactivated': 'deactivated',
             'reactivated': 'active', 'after': None}, seen)


class SharingStory:
    """What takes more than one user, so only where there is Keystone."""

    def test_openstack_members(self):
        other = self.deployment.clients('alt_demo')
        other_project = self.deployment.keystone.project_id('alt_demo')
        image = self.create('root.ext2', 'raw', '--shared')
        self.assertRaises(client_fixtures.ClientError, other.openstack,
                          'image', 'show', image['id'])
        self.clients.run('openstack', 'image', 'add', 'project',
                         image['id'], other_project)
        self.assertEqual(image['id'], other.openstack(
            'image', 'show', image['id'])['id'])
        self.assertNotIn(image['id'], _ids(other, '--shared'))
        other.run('openstack', 'image', 'set', '--accept', image['id'])
        self.assertIn(image['id'], _ids(other, '--shared'))
        members = self.clients.openstack('image', 'member', 'list',
                                         image['id'])
        self.assertEqual([(other_project, 'accepted')], [
            (member['Member ID'], member['Status']) for member in members])
        self.assertRaises(client_fixtures.ClientError, other.run,
                          'openstack', 'image', 'delete', image['id'])
        self.clients.run('openstack', 'image', 'remove', 'project',
                         image['id'], other_project)
        self.assertRaises(client_fixtures.ClientError, other.openstack,
                          'image', 'show', image['id'])
        self.clients.run('openstack', 'image', 'delete', image['id'])

    def test_openstack_deactivate(self):
        admin = self.deployment.clients('admin')
        image = self.create('root.ext2', 'raw')
        admin.run('openstack', 'image', 'set', '--deactivate', image['id'])
        self.assertRaises(
            client_fixtures.ClientError, self.clients.run, 'openstack',
            'image', 'save', '--file', os.path.join(self.directory, 'no'),
            image['id'])
        admin.run('openstack', 'image', 'set', '--activate', image['id'])
        self.assert_saved('root.ext2', image['id'])
        self.clients.run('openstack', 'image', 'delete', image['id'])

    def test_public_is_for_administrators(self):
        image = self.create('root.ext2', 'raw')
        self.assertRaises(
            client_fixtures.ClientError, self.clients.run, 'openstack',
            'image', 'set', '--public', image['id'])
        self.deployment.clients('admin').run(
            'openstack', 'image', 'set', '--public', image['id'])
        self.assertIn(image['id'], _ids(self.deployment.clients('alt_demo'),
                                        '--public'))
        self.clients.run('openstack', 'image', 'delete', image['id'])

    def test_without_token(self):
        nobody = client_fixtures.Clients({
            'OS_AUTH_TYPE': 'none', 'OS_ENDPOINT': self.deployment.url})
        error = self.assertRaises(client_fixtures.ClientError,
                                  nobody.openstack, 'image', 'list')
        self.assertIn('401', str(error))


def _ids(clients, *options):
    return [image['ID'] for image in clients.openstack(
        'image', 'list', *options)]
