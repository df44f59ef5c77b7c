"""An upload was taken into the store that holds staged data."""

from tests.advisories import base

RESERVED = ('os_glance_staging_store', 'os_glance_tasks_store')


class TestReservedStores(base.TestCase):

    options = {'multi': True, 'conductor': False}

    def test_no_upload_is_taken_into_them(self):
        image_id = self.service.create()['id']
        for store_id in RESERVED:
            answer = self.service.upload(
                image_id, b'x', headers={'X-Image-Meta-Store': store_id})
            self.assertEqual(400, answer.status_int)
            self.check_nothing_kept(image_id)

    def test_no_download_may_prefer_them(self):
        image_id = self.active()
        for store_id in RESERVED:
            answer = self.service.call('GET', self.path(
                image_id, '/file?prefer=' + store_id))
            self.assertEqual(400, answer.status_int)

    def test_nothing_is_removed_from_them(self):
        image_id = self.active()
        for store_id in RESERVED:
            answer = self.service.admin('DELETE', '/v2/stores/%s/%s' % (
                store_id, image_id))
            self.assertIn(answer.status_int, (400, 404, 409))
        self.assertEqual('active', self.show(image_id)['status'])

    def test_not_listed(self):
        for send, path in ((self.service.call, '/v2/info/stores'),
                           (self.service.admin, '/v2/info/stores/detail')):
            self.assertNotIn('os_glance', send('GET', path).text)
