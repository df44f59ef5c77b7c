"""What nobody owns is found in real stores, and nothing else is touched."""

import os
import types
import uuid

from oslotest import base as test_base

from glance.common import exceptions
from glance.conductor.periodic import leftovers
from glance.conf import CONF
from glance.store import backends
from glance.store.drivers.swift import swift_objects
from glance.store.drivers.swift import swift_tenants
from tests.stores import base
from tests.stores import test_swift
from tests.unit.store import base as sources

LARGE = 13 * base.MIB


def attempt():
    """As that of an upload, or of the first claim of a task."""
    return str(uuid.uuid4())


class Run:
    """One run of the duty, with a registry that knows some images.

    :param owners: {id: urls of locations}
    """

    ctxt = None

    def __init__(self, store, owners):
        self.stores = backends.Stores([store], store.id)
        self._owners = owners
        self.registry = types.SimpleNamespace(deletions=self)

    def check(self):
        pass

    def owners(self, ctxt, ids):
        return {one: {'is_known': one in self._owners, 'is_image': True,
                      'is_busy': False, 'urls': self._owners.get(one, [])}
                for one in ids}


class Looking(base.StoreTest):

    def setUp(self):
        super().setUp()
        CONF.set_override('leftovers_grace', 0, 'periodic')
        self.data = os.urandom(LARGE)

    def do(self, owners):
        return leftovers.do(Run(self.store, owners))

    def new(self, size=100):
        """:returns: the id of an image, and the URL of its data"""
        image_id = str(uuid.uuid4())
        return image_id, self.put(self.data[:size], attempt(), image_id)

    def removes(self, image_id):
        """The duty comes back until the store lets go what nobody owns."""
        base.wait_until(lambda: self.do({image_id: ()})['remove'] == 1,
                        'removal of what nobody owns')
        self.gone(image_id)


class LeftoversTest(Looking):

    def unfinished(self, image_id, attempt):
        """Put there what a killed writer leaves."""
        raise NotImplementedError()

    def foreign(self, name):
        """Put something of others there."""
        raise NotImplementedError()

    def test_what_has_a_location_stays(self):
        """Data that has a location stays, however its URL is written."""
        owned = dict(self.new(size) for size in (100, LARGE))
        self.do({image_id: [self.other_form(url)]
                 for image_id, url in owned.items()})
        for image_id, url in owned.items():
            data = self.get(url)
            self.assert_same(self.data[:len(data)], data)
        self.assertEqual(0, self.do(
            {image_id: [url] for image_id, url in owned.items()})['remove'])

    def test_nobody_owns_it(self):
        """Whole data and attempts of known images go, each once."""
        known = [self.new(size)[0] for size in (100, LARGE)]
        unknown, url = self.new()
        queued = str(uuid.uuid4())
        for name in (attempt(), attempt() + '-store-1'):
            self.unfinished(queued, name)
        others = ['volume-' + queued, queued + '_disk', queued + '-a1']
        for name in others:
            self.foreign(name)
        owners = dict.fromkeys([*known, queued], ())
        totals = self.do(owners)
        self.assertEqual(4, totals['remove'])
        self.assertLessEqual(1, totals['unknown'])
        for image_id in known:
            self.gone(image_id)
        self.assertEqual(sorted(others), sorted(self.mine(queued)))
        self.assertEqual(self.data[:100], self.get(url))
        self.assertEqual(0, self.do(owners)['remove'])

    def test_what_is_young_stays(self):
        image_id, _url = self.new()
        CONF.set_override('leftovers_grace', 3600, 'periodic')
        self.assertEqual(0, self.do({image_id: ()})['remove'])

    def test_beside_other_attempts(self):
        """A further one is no reason to remove the data of an image."""
        image_id, url = self.new(LARGE)
        self.unfinished(image_id, attempt())
        second = self.put(b'more', attempt(), image_id)
        self.assertEqual(2, self.do({image_id: [url]})['remove'])
        self.assert_same(self.data, self.get(url))
        self.assertRaises(exceptions.NotFound, self.store.size, second)


class S3Test(LeftoversTest, test_base.BaseTestCase):

    kind = 's3'

    def unfinished(self, image_id, attempt):
        self.store._writing().create_multipart_upload(
            **self.store._at('%s-%s' % (image_id, attempt)))

    def foreign(self, name):
        self.store._writing().put_object(**self.store._at(name), Body=b'x')

    @staticmethod
    def other_form(url):
        return url.replace('s3://', 's3+https://user:sec/ret@')

    def test_upload_beside_its_object(self):
        """The answer to a first request was lost, say."""
        image_id, name = str(uuid.uuid4()), attempt()
        url = self.put(b'data', name, image_id)
        self.unfinished(image_id, name)
        self.assertEqual(1, self.do({image_id: [url]})['remove'])
        self.assertEqual(b'data', self.get(url))


class SwiftTest(LeftoversTest, test_base.BaseTestCase):

    kind = 'swift'

    def unfinished(self, image_id, attempt):
        for number in (1, 2):
            self.foreign('%s-%s-%05d' % (image_id, attempt, number))

    def foreign(self, name):
        place = self.store._store.create_location(name)
        self.put_object(place.container, name)

    def put_object(self, container, name):
        connection = self.connection()
        connection.put_container(container)
        connection.put_object(container, name, b'x')

    def connection(self):
        return self.store._connection(self.store._store.create_location('x'))

    def names(self, container):
        return [entry['name'] for entry in swift_objects.listing(
            self.connection(), container)]

    @staticmethod
    def other_form(url):
        return 'swift+https://else:where@host/v3/' + '/'.join(
            url.split('/')[-2:])


class SwiftContainersTest(SwiftTest):
    """The container follows from the id of the image."""

    further = {'swift_store_multiple_containers_seed': '2'}

    def foreign(self, name):
        super().foreign(name)
        # What follows another rule.
        self.put_object('images_zz', name)

    def mine(self, image_id):
        _head, found = self.connection().get_account(prefix='images_')
        return [name for one in found if one['name'] != 'images_zz'
                for name in self.names(one['name']) if image_id in name]

    def test_from_before_there_were_many(self):
        """It is in the one container that there was."""
        image_id = str(uuid.uuid4())
        name = '%s-%s' % (image_id, attempt())
        self.put_object('images', name)
        self.assertEqual(1, self.do({image_id: ()})['remove'])
        self.assertNotIn(name, self.names('images'))


class SwiftTenantsTest(test_swift.Tenants):
    """Each image has a container in the account of its project."""

    def setUp(self):
        super().setUp()
        CONF.set_override('leftovers_grace', 0, 'periodic')

    def do(self, owners):
        return leftovers.do(Run(self.store, owners))

    def put(self, image_id, user, data=b'data'):
        return self.store.write(image_id, attempt(), sources.Source(data),
                                None, self.context(user)).url

    def test_all_accounts_are_looked_through(self):
        ids = [str(uuid.uuid4()) for _number in range(3)]
        urls = [self.put(*pair) for pair in zip(
            ids, ('demo', 'alt_demo', 'demo'))]
        self.assertEqual(2, self.do(
            {ids[0]: (), ids[1]: (), ids[2]: [urls[2]]})['remove'])
        for url in urls[:2]:
            self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assertEqual(4, self.store.size(urls[2]))

    def test_the_address_of_the_cluster_was_another(self):
        image_id = str(uuid.uuid4())
        url = self.put(image_id, 'demo')
        account = url.split('/v1/')[1]
        for former in ('swift://old.example/v1/',
                       'swift+http://old.example:8080/swift/v1/'):
            self.assertEqual(0, self.do(
                {image_id: [former + account]})['remove'])
        self.assertEqual(4, self.store.size(url))

    def test_killed_writer(self):
        image_id, context = str(uuid.uuid4()), self.context('alt_demo')
        place = self.store._store.create_location(
            '%s-%s' % (image_id, attempt()), context)
        connection = self.store._connection(place, context)
        connection.put_container(place.container)
        connection.put_object(place.container, place.obj + '-00002', b'x')
        self.assertEqual(1, self.do({image_id: ()})['remove'])
        self.assertFalse(swift_objects.has_container(connection,
                                                     place.container))

    def test_who_may_not_list_projects_finds_nothing(self):
        self.patch(swift_tenants, '_projects', lambda session: None)
        self.put(str(uuid.uuid4()), 'demo')
        self.assertIsNone(self.store.list())


class RbdTest(LeftoversTest, test_base.BaseTestCase):

    kind = 'rbd'

    def unfinished(self, image_id, attempt):
        self.foreign('%s-%s' % (image_id, attempt))

    def foreign(self, name):
        import rbd
        with self.store._pool() as (ioctx, _fsid):
            rbd.RBD().create(ioctx, name, base.MIB)

    @staticmethod
    def other_form(url):
        return 'rbd://' + url.split('/')[-2]

    def test_published_and_not_settled(self):
        """The record of the location decides."""
        image_id, name = str(uuid.uuid4()), attempt()
        url = self.store.write(image_id, name, sources.Source(b'data')).url
        self.assertEqual(1, self.do({image_id: [url]})['settle'])
        self.assertEqual(0, self.do({image_id: [url]})['settle'])
        self.assertEqual(b'data', self.get(url))

    def test_needed_by_a_volume(self):
        """The others have their turn all the same."""
        image_id, url = self.new()
        clone = str(uuid.uuid4())
        self.store.clone(url, clone, attempt())
        self.assertEqual(0, self.do({image_id: ()})['remove'])
        self.assertEqual(1, self.do({clone: ()})['remove'])
        self.assertEqual(1, self.do({image_id: ()})['remove'])

    def test_a_killed_writer_is_forgotten_in_the_end(self):
        """Until then Ceph takes it for a living one."""
        for size, mark in ((9, 'reading'), (1, 'written')):
            self.removes(self.killed(size, mark, attempt()))

    def test_a_living_writer_keeps_all_it_has(self):
        image_id, name = str(uuid.uuid4()), attempt()
        self.store.write(image_id, name, sources.Source(b'data'))
        with self.store._pool() as (ioctx, _fsid):
            with self.store._image(ioctx, image_id) as image:
                self.assertEqual(0, self.do({image_id: ()})['remove'])
                self.assertTrue(image.is_protected_snap('snap'))
                self.assertEqual(1, len(list(image.watchers_list())))
        self.assertEqual(1, self.do({image_id: ()})['remove'])


class VMwareTest(LeftoversTest, test_base.BaseTestCase):

    kind = 'vmware'

    def unfinished(self, image_id, attempt):
        self.foreign('%s-%s' % (image_id, attempt))

    def foreign(self, name):
        self.store._add(name, sources.Source(b'x'), 1, None)

    @staticmethod
    def other_form(url):
        path, _mark, query = url.partition('?')
        return '%s?%s' % (path, '&'.join(query.split('&')[::-1]))


class CinderTest(Looking, test_base.BaseTestCase):
    """Each volume takes seconds: one test has them all."""

    kind = 'cinder'

    def volume(self, name, **metadata):
        """:returns: its id"""
        client = self.store._client()
        volume = client.volumes.create(1, name=name, metadata=metadata)
        self.store._wait(client, volume.id)
        return volume.id

    def attach(self, volume_id):
        """As a writer does that is killed then."""
        self.store._client().attachments.create(volume_id, None, None,
                                                mode='rw')

    def test_whose_volumes_go(self):
        image_id, url = self.new()
        queued = str(uuid.uuid4())
        left = 'image-%s-%s' % (queued, attempt())
        self.attach(self.volume(left, image_size='0'))
        # Cinder's own copy of an image has no size.
        copy = self.volume('image-' + queued, glance_image_id=queued)
        owners = {image_id: ['cinder://' + url.split('/')[-1]], queued: ()}
        CONF.set_override('leftovers_grace', 3600, 'periodic')
        self.assertEqual(0, self.do(owners)['remove'])
        CONF.set_override('leftovers_grace', 0, 'periodic')
        base.wait_until(lambda: self.do(owners)['remove'] == 1,
                        'removal of what a killed writer has left')
        base.wait_until(lambda: left not in self.mine(queued),
                        'the end of its volume')
        self.assertEqual(['image-' + queued], self.mine(queued))
        self.assertEqual(self.data[:100], self.get(url))
        self.removes(image_id)
        self.store._client().volumes.delete(copy)
