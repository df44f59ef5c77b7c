"""What is compressed and what is not."""

import gzip

import webob

from glance.api.middleware import gzip as gzip_filter
from tests.unit.api.middleware import base


class TestGzip(base.TestCase):

    def call_with(self, response, accept='gzip, deflate'):
        app = gzip_filter.GzipMiddleware.factory({})(response)
        return self.call(app, HTTP_ACCEPT_ENCODING=accept)

    def test_large_json_is_compressed(self):
        body = b'{"a": "%s"}' % (b'x' * 2000)
        response = self.call_with(webob.Response(
            body=body, content_type='application/json'))
        self.assertEqual('gzip', response.headers['Content-Encoding'])
        self.assertEqual(body, gzip.decompress(response.body))
        self.assertEqual(len(response.body), response.content_length)

    def test_not_compressed(self):
        image = webob.Response(body=b'x' * 2000,
                               content_type='application/octet-stream')
        small = webob.Response(body=b'{}', content_type='application/json')
        large = webob.Response(body=b'x' * 2000,
                               content_type='application/json')
        for response, accept in ((image, 'gzip'), (small, 'gzip'),
                                 (large, 'identity'), (large, 'gzip;q=0')):
            got = self.call_with(response, accept)
            self.assertNotIn('Content-Encoding', got.headers)
            self.assertEqual(response.body, got.body)
