"""OSSA-2014-028: the largest size of an image was not kept to on upload."""

from tests.advisories import base

CAP = 3 << 20


class TestSizeCap(base.TestCase):

    options = {'image_size_cap': CAP, 'conductor': False}

    def check_refused(self, data, **kwargs):
        image_id = self.service.create()['id']
        answer = self.service.upload(image_id, data, **kwargs)
        self.assertEqual(413, answer.status_int, answer.text)
        self.check_nothing_kept(image_id)

    def test_length_told(self):
        self.check_refused(bytes(CAP + 1))

    def test_length_not_told(self):
        self.check_refused(b'', **base.chunked(bytes(CAP + 1)))

    def test_length_not_told_and_far_too_much(self):
        self.check_refused(b'', **base.chunked(bytes(4 * CAP)))

    def test_false_size_header(self):
        image_id = self.service.create()['id']
        answer = self.service.upload(
            image_id, b'', headers={'x-openstack-image-size': '1'},
            **base.chunked(bytes(CAP + 1)))
        self.assertEqual(400, answer.status_int)
        self.check_nothing_kept(image_id)

    def test_just_as_much_as_allowed(self):
        image_id = self.active(bytes(CAP))
        self.assertEqual(CAP, self.show(image_id)['size'])
