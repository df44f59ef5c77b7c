"""What the tests of several advisories need."""

import io

from tests.functional.http import base

IMAGES = '/v2/images'
STRANGER = 'p2'


def chunked(data):
    """Arguments for a body whose length nobody tells."""
    return {'CONTENT_LENGTH': '', 'HTTP_TRANSFER_ENCODING': 'chunked',
            'wsgi.input': io.BytesIO(data), 'wsgi.input_terminated': True}


class TestCase(base.TestCase):
    """A service, and shorthands."""

    def path(self, image_id, below=''):
        return IMAGES + '/' + image_id + below

    def show(self, image_id, **kwargs):
        answer = self.service.call('GET', self.path(image_id), **kwargs)
        self.assertEqual(200, answer.status_int, answer.text)
        return answer.json

    def active(self, data=b'data', **values):
        """Id of a new image with data."""
        image_id = self.service.create(**values)['id']
        answer = self.service.upload(image_id, data)
        self.assertEqual(204, answer.status_int, answer.text)
        return image_id

    def change(self, image_id, verb, name, value=None, **kwargs):
        """Status of a PATCH with one operation."""
        operation = {'op': verb, 'path': '/' + name}
        if verb != 'remove':
            operation['value'] = value
        return self.service.patch(image_id, [operation],
                                  **kwargs).status_int

    def check_nothing_kept(self, image_id):
        """The image waits for data as if none had come."""
        image = self.show(image_id)
        self.assertEqual(
            ['queued'] + [None] * 5,
            [image[name] for name in ('status', 'size', 'virtual_size',
                                      'checksum', 'os_hash_algo',
                                      'os_hash_value')])
        self.assertEqual([], self.service.stored_files())
