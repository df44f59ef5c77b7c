"""A store that cannot be used says so, to administrators."""

import fixtures
import glance_store
from glance_store._drivers import rbd as their_driver
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.api.views import stores as view
from glance.common import exceptions
from glance.conf import CONF
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import rbd
from glance.store import options
from tests.unit.store import base as sources

SECRET = 'http://user:pass-word@10.1.2.3/v1'


class Cluster:
    """What the driver does when it is told to read its options.

    :ivar error: raised then; None when all is well
    """

    error = None

    def configure(self, store):
        if self.error is not None:
            store.unset_capabilities(
                glance_store.capabilities.BitMasks.WRITE_ACCESS)
            raise self.error


class ProblemTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.config.config(enabled_backends={'ceph': 'rbd'})
        CONF.register_opts(options.common(), group='ceph')
        self.log = self.useFixture(fixtures.FakeLogger())
        self.cluster = Cluster()
        self.patch(their_driver.Store, 'configure_add',
                   lambda store: self.cluster.configure(store))

    def store(self, error):
        self.cluster.error = error
        return rbd.Driver('ceph', 'rbd', CONF)

    def write(self, store):
        return store.write('img', 'a1', sources.Source(b'data'))

    def test_mistake_in_the_options(self):
        store = self.store(glance_store.BadStoreConfiguration(
            store_name='ceph', reason='pool is wrong, see ' + SECRET))
        self.assertIn('pool is wrong, see <URL>', store.problem)
        self.assertIn('pool is wrong', self.log.output)
        self.assertNotIn('pass-word', self.log.output)
        self.assertTrue(store.read_only)
        self.assertRaises(exceptions.Gone, self.write, store)
        shown = view.show_detail(store, 'ceph', True)
        self.assertEqual(store.problem, shown['properties']['problem'])
        self.assertEqual('true', shown['read-only'])
        self.assertNotIn('properties', view.show(store, 'ceph'))

    def test_a_store_that_was_away_comes_back(self):
        """Others are served, and it is tried again now and then."""
        store = self.store(ConnectionError(SECRET))
        self.assertIn('ConnectionError', store.problem)
        self.assertNotIn('10.1.2.3', self.log.output + store.problem)
        self.assertRaises(exceptions.StoreUnavailable, self.write, store)
        self.cluster.error = None
        self.assertRaises(exceptions.StoreUnavailable, store.demand)
        self.assertRaises(exceptions.StoreUnavailable, store.check)
        store._looked -= 3600
        store.demand()
        self.assertIsNone(store.problem)
        self.assertNotIn('problem', store.details())

    def test_away_since_it_was_configured(self):
        """Each look asks the store itself; the log has no word of it."""
        store = self.store(None)
        asked = []
        self.patch(store, '_ask', asked.append)
        store.check()
        self.assertEqual([CONF.health.timeout], asked)

        def fail(timeout):
            raise ConnectionError(SECRET)
        self.patch(store, '_ask', fail)
        error = self.assertRaises(exceptions.StoreUnavailable, store.check)
        self.assertNotIn('10.1.2.3', str(error) + self.log.output)
        self.assertIsNone(error.__cause__)
        store.demand()

    def test_nothing_wrong(self):
        store = self.store(None)
        self.assertIsNone(store.problem)
        self.assertFalse(store.read_only)
        shown = view.show_detail(store, 'ceph', True)['properties']
        self.assertEqual(('images', 8, False), (
            shown['pool'], shown['chunk_size'], shown['thin_provisioning']))


class Taken:
    """A driver that finds the plain name taken.

    :param late: whether it has begun to read by then
    """

    def __init__(self, late):
        self._late, self.names = late, []

    def _name(self, image_id, attempt):
        return '%s-%s' % (image_id, attempt)

    def _add(self, name, source, size, context):
        self.names.append(name)
        if name == 'img':
            if self._late:
                source.read(2)
            raise glance_store.Duplicate(image=name)
        return source.read()


class TestTakenNames(base.BaseTestCase):

    def write(self, store):
        return adapter.Driver._write(store, 'img', 'a1',
                                     sources.Source(b'data'), 4, None)

    def test_another_name_gets_all_the_data(self):
        store = Taken(late=False)
        self.assertEqual(b'data', self.write(store))
        self.assertEqual(['img', 'img-a1'], store.names)

    def test_data_that_was_read_in_vain_is_not_left_out(self):
        store = Taken(late=True)
        self.assertRaises(exceptions.StoreUnavailable, self.write, store)
        self.assertEqual(['img'], store.names)
