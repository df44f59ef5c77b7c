"""Who stands still between two steps finds the data of others unharmed."""

import types

import fixtures
from glance_store._drivers import rbd as theirs
from oslotest import base

from glance.common import exceptions
from glance.store.drivers import rbd_marks
from tests.unit.store.drivers import fake_rbd
from tests.unit.store import offline

IMAGE = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'
OWN = IMAGE + '-a1'


class _Ceph:
    """:ivar Rados: a client that has read its configuration"""

    class Error(Exception):
        pass

    def __init__(self, limit):
        def client(conffile, rados_id):
            if limit is None:
                raise self.Error()
            return types.SimpleNamespace(conf_get={
                'rados_osd_op_timeout': limit}.get)
        self.Rados = client


class TestLimit(base.BaseTestCase):
    """How long a step may take: some limit there is."""

    def limit(self, own, of_ceph):
        self.patch(theirs, 'rados', of_ceph)
        self.patch(offline, 'OPTIONS', {'rbd': {
            'rbd_store_pool': 'images', 'rados_connect_timeout': str(own)}})
        store = self.useFixture(offline.Stores('rbd')).all.by_id('rbd')
        return store._store.store_conf.rados_connect_timeout

    def test_the_option_of_the_store_counts_first(self):
        self.assertEqual(7, self.limit(7, _Ceph('30')))

    def test_the_configuration_of_ceph_counts_next(self):
        for own in (0, -1):
            self.assertEqual(30, self.limit(own, _Ceph('30')))

    def test_silence_is_limited_where_nobody_limits_it(self):
        for of_ceph in (None, _Ceph('0'), _Ceph(None)):
            for own in (0, -1):
                self.assertEqual(120, self.limit(own, of_ceph))


class TestRbd(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.store = self.useFixture(offline.Stores('rbd')).all.by_id('rbd')
        self.store._store.conf_file = self.store._store.user = None
        self.pool = fake_rbd.Pool()
        self.useFixture(fixtures.MockPatchObject(theirs, 'rbd', fake_rbd))
        self.useFixture(fixtures.MockPatchObject(theirs, 'rados', fake_rbd))
        self.useFixture(fixtures.MockPatchObject(
            theirs.Store, 'get_connection', self.pool.connected))

    def write(self, attempt, settled=True):
        """:returns: the name of the image in the pool"""
        name = '%s-%s' % (IMAGE, attempt)
        self.pool.create(name, attempt)
        with self.store._pool() as (ioctx, fsid):
            with self.store._image(ioctx, name) as image:
                rbd_marks.complete(image, attempt)
            url = self.store._publish(ioctx, fsid, IMAGE, attempt).url
        if settled:
            self.store.settle(IMAGE, attempt)
        return url.split('/')[-2]

    def data(self):
        return {name: found.data for name, found in self.pool.names.items()}

    def test_discarding_twice_leaves_nothing(self):
        self.write('a1', settled=False)
        self.store.discard(IMAGE, 'a1')
        self.assertEqual({}, self.data())
        self.store.discard(IMAGE, 'a1')

    def test_discarded_before_it_was_published(self):
        self.pool.create(OWN)
        self.store.discard(IMAGE, 'a1')
        self.assertEqual({}, self.data())

    def test_what_is_settled_stays(self):
        for attempt in ('a1', 'a2'):
            self.write(attempt)
        for attempt in ('a1', 'a2'):
            self.store.discard(IMAGE, attempt)
        self.assertEqual({IMAGE: 'a1', IMAGE + '-a2': 'a2'}, self.data())

    def test_nobody_takes_a_name_that_another_is_taking(self):
        """In Ceph both would succeed, and one image be lost."""
        with rbd_marks.naming(self.pool, IMAGE, 'a2'):
            self.assertEqual(OWN, self.write('a1'))
        self.assertEqual(IMAGE, self.write('a2'))
        self.assertEqual({}, self.pool.locks)

    def test_data_in_use_is_not_opened_to_be_changed(self):
        """It could not be deleted at that moment."""
        self.write('a2')
        self.pool.step = lambda: self.assertEqual(
            0, self.pool.names[IMAGE].watchers)
        self.store.discard(IMAGE, 'a1')

    def stand_everywhere(self, late, meanwhile):
        """Somebody stands still before each of its steps in turn.

        :param meanwhile: what another one does then
        :returns: how many steps there are
        """
        number = 0
        while True:
            self.pool.names.clear()
            self.write('a1', settled=False)
            if not self.stand(late, number, meanwhile):
                return number
            self.check_newer()
            number += 1

    def stand(self, late, number, meanwhile):
        """:returns: whether there is such a step"""
        steps, refused = [], []

        def step():
            steps.append(1)
            if len(steps) == number + 1:
                self.pool.step = lambda: None
                try:
                    meanwhile()
                except exceptions.InUseByStore:
                    refused.append(1)
        self.pool.step = step
        late()
        self.pool.step = lambda: None
        if refused:
            # It comes again.
            meanwhile()
        return len(steps) > number

    def check_newer(self):
        """The newer attempt has all that is its own, and nobody else."""
        self.assertEqual({IMAGE: 'a2'}, self.data())
        self.assertEqual('a2', self.pool.names[IMAGE].marks[rbd_marks.MARK])
        self.assertEqual(0, self.pool.names[IMAGE].watchers)

    def take_over(self):
        self.store.discard(IMAGE, 'a1')
        self.write('a2', settled=False)

    def discard_late(self):
        self.assertLess(5, self.stand_everywhere(
            lambda: self.store.discard(IMAGE, 'a1'), self.take_over))

    def test_discard_that_stands_still(self):
        self.discard_late()

    def test_discard_that_stands_still_for_longer_than_its_watch(self):
        """Ceph forgets then who has the image open."""
        self.pool.forgets = True
        self.discard_late()

    def test_settling_that_stands_still(self):
        def replace():
            self.store.settle(IMAGE, 'a1')
            self.store._remove(IMAGE)
            self.write('a2', settled=False)

        def settle():
            self.store.settle(IMAGE, 'a1')
        for self.pool.forgets in (False, True):
            self.assertLess(2, self.stand_everywhere(
                settle, lambda: self.replace(replace)))

    @staticmethod
    def replace(do):
        try:
            do()
        except theirs.exceptions.InUseByStore:
            raise exceptions.InUseByStore() from None
