"""What foreign drivers raise and log reaches nobody as it is."""

import logging

import fixtures
from glance_store import exceptions as theirs
from oslotest import base

from glance.common import exceptions
from glance.store.drivers import store_errors

SECRET = 'http://user:pass-word@10.1.2.3/v1?sig=abc'


class StoreErrorsTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))

    def translate(self, error):
        def fail():
            with store_errors.translated('s1', 'open'):
                raise error
        return self.assertRaises(exceptions.GlanceError, fail)

    def test_foreign_errors_become_ours_without_details(self):
        table = [
            (theirs.NotFound(image=SECRET), exceptions.NotFound),
            (theirs.StorageFull(), exceptions.StorageFull),
            (theirs.StoreAddDisabled(), exceptions.Gone),
            (theirs.StorageWriteDenied(), exceptions.StoreUnavailable),
            (theirs.InUseByStore(), exceptions.InUseByStore),
            (theirs.HasSnapshot(), exceptions.InUseByStore),
            (theirs.BadStoreUri(uri=SECRET), exceptions.StoreUnavailable),
            (theirs.BackendException(SECRET), exceptions.StoreUnavailable),
            (ConnectionError(SECRET), exceptions.StoreUnavailable),
            (KeyError(SECRET), exceptions.StoreUnavailable)]
        for error, expected in table:
            ours = self.translate(error)
            self.assertIsInstance(ours, expected)
            self.assertNotIn('10.1.2.3', str(ours))
            self.assertIsNone(ours.__cause__)
            self.assertTrue(ours.__suppress_context__)

    def test_log_names_the_class_only(self):
        self.translate(ConnectionError(SECRET))
        self.assertIn('ConnectionError', self.log.output)
        self.assertNotIn('10.1.2.3', self.log.output)

    def test_ours_pass(self):
        error = exceptions.UploadBroken()
        self.assertIs(error, self.translate(error))

    def test_messages_of_a_driver_lose_their_details(self):
        logger = logging.getLogger('some.driver')
        store_errors.hide_details('some.driver')
        store_errors.hide_details('some.driver')
        try:
            raise ValueError(SECRET)
        except ValueError:
            logger.exception('cannot reach %s', SECRET)
        logger.debug(SECRET)
        self.assertNotIn('pass-word', self.log.output)
        self.assertIn('ValueError', self.log.output)

    def test_messages_without_an_error(self):
        """They tell nothing when their details are gone."""
        logger = logging.getLogger('some.driver')
        store_errors.hide_details('some.driver')
        for level in (logging.DEBUG, logging.WARNING, logging.ERROR):
            logger.log(level, 'no size for %s', SECRET)
        self.assertEqual('', self.log.output)

    def test_requests_of_libraries(self):
        """Keys and signatures are in none of the levels."""
        root = logging.getLogger()
        self.addCleanup(root.setLevel, root.level)
        root.setLevel(logging.DEBUG)
        for name in store_errors._LIBRARIES:
            self.addCleanup(logging.getLogger(name).setLevel,
                            logging.getLogger(name).level)
            logging.getLogger(name).setLevel(logging.NOTSET)
        store_errors.hide_requests()
        for name in ('botocore.auth', 'botocore.endpoint', 'boto3.resources',
                     'swiftclient', 'cinderclient.v3.client', 'suds.client'):
            logging.getLogger(name).debug('AKIAEXAMPLE %s', SECRET)
            logging.getLogger(name).info('AKIAEXAMPLE %s', SECRET)
        self.assertEqual('', self.log.output)
