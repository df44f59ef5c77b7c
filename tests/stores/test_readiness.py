"""Each worker of the API sees soon that an object store has gone."""

from urllib import parse

from tests.faults import links
from tests.fixtures.servers import ceph
from tests.functional.monitoring import workers
from tests.functional.resilience import base
from tests.stores import kinds

GONE, BACK = 5, 15      # seconds


class TestReadiness(base.TestCase):

    def setUp(self):
        super().setUp()
        self.links = self.useFixture(links.Links())
        port = self.links.add('store', parse.urlsplit(
            self.useFixture(ceph.Ceph()).s3_url).port)
        options = dict(kinds.options('s3', self),
                       s3_store_host='http://127.0.0.1:%d' % port)
        cloud = self.useFixture(base.TrustedCallers(shared={
            'DEFAULT': {'enabled_backends': 'one:s3'}, 'one': options,
            'glance_store': {'default_backend': 'one'}}))
        self.workers = self.useFixture(workers.Workers(
            cloud.url, cloud.api_program))

    def test_cut_and_silent(self):
        self.workers.until(True, 'can be used', 60)
        for mode in ('cut', 'hole'):
            self.links.set('store', mode)
            said = self.workers.until(False, 'cannot be used: one', GONE)[1]
            for secret in (ceph.SECRET_KEY, '127.0.0.1'):
                self.assertNotIn(secret, said)
            self.links.set('store', 'pass')
            self.workers.until(True, 'can be used', BACK)
