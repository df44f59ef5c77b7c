"""OSSA-2015-019: users set the status of an image and replaced its data."""

from tests.advisories import base
from tests.fixtures import service


class TestStatus(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.active()
        self.before = self.show(self.image_id)

    def check(self, expected, *answers):
        for answer in answers:
            self.assertEqual(expected, answer.status_int, answer.text)
        after = self.show(self.image_id)
        self.assertEqual(self.before, dict(
            after, updated_at=self.before['updated_at']))

    def test_a_patch_of_read_only_attributes_is_refused(self):
        for name in ('status', 'checksum', 'size', 'os_hash_value', 'file'):
            for verb in ('add', 'replace'):
                for project, roles in (('p1', 'member,reader'),
                                       ('p0', 'admin,member,reader')):
                    self.check(403, self.service.patch(
                        self.image_id,
                        [{'op': verb, 'path': '/' + name,
                          'value': 'queued'}], project=project, roles=roles))
                self.check(403, self.service.patch(
                    self.image_id, [{verb: '/' + name, 'value': 'queued'}],
                    media_type=service.V20))

    def test_an_image_with_a_status_is_not_created(self):
        answer = self.service.call('POST', base.IMAGES,
                                   {'status': 'active'})
        self.check(403, answer)

    def test_headers_of_a_patch_change_nothing(self):
        headers = {'x-image-meta-status': 'queued',
                   'x-image-meta-store': 'file',
                   'Content-Type': service.V21}
        self.check(200, self.service.call(
            'PATCH', self.path(self.image_id), [], headers=headers))

    def test_data_of_an_active_or_deactivated_image_stays(self):
        self.check(409, self.service.upload(self.image_id, b'other'))
        self.service.call('POST', self.path(self.image_id,
                                            '/actions/deactivate'))
        self.before['status'] = 'deactivated'
        self.check(409, self.service.upload(self.image_id, b'other'))
        answer = self.service.call('POST', self.path(
            self.image_id, '/actions/reactivate'), project=base.STRANGER)
        self.check(404, answer)
