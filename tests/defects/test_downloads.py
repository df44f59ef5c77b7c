"""Downloads that differed with and without a cache."""

import fixtures
import yaml

from glance import policy
from tests.functional.cache import base


class TestDownloads(base.TestCase):

    def test_length_of_a_miss(self):
        for _time in range(2):
            self.assertEqual(str(len(base.DATA)),
                             self.get().headers['Content-Length'])
            self.cached()

    def test_prefer_and_bodies_on_a_hit(self):
        self.cached()
        path = '/v2/images/%s/file?prefer=' % self.image_id
        for stores, status in (('fast', 200), ('nowhere', 400),
                               ('os_glance_staging_store', 400)):
            answer = self.service.call('GET', path + stores)
            self.assertEqual(status, answer.status_int, stores)
        self.assertEqual(400, self.get(body=b'x').status_int)

    def test_policy_of_prefer_on_a_hit(self):
        self.cached()
        folder = self.useFixture(fixtures.TempDir()).path
        with open(folder + '/policy.yaml', 'w') as file:
            yaml.safe_dump({'download_from_store': '!'}, file)
        self.service.conf.config(group='oslo_policy',
                                 policy_file=folder + '/policy.yaml')
        policy.reset()
        answer = self.service.call(
            'GET', '/v2/images/%s/file?prefer=fast' % self.image_id)
        self.assertEqual(403, answer.status_int)

    def test_no_url_of_the_worker_is_needed(self):
        self.assertIsNone(self.service.conf.conf.worker_self_reference_url)
        self.cached()
        self.download()
        self.assertEqual([0], self.gate.opened)
