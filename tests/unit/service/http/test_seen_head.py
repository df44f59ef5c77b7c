"""Heads that another server has read for us."""

from oslotest import base

from glance.service.http import head
from glance.service.http import seen_head


def environ(**changes):
    return {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/v2', 'QUERY_STRING': '',
            'REQUEST_URI': '/v2', 'SERVER_PROTOCOL': 'HTTP/1.1',
            'HTTP_HOST': 'x', **changes}


class SeenTestCase(base.BaseTestCase):

    def test_bad_heads_are_refused(self):
        for changes in (
                {'HTTP_X': 'a\rb'}, {'HTTP_X': 'a\x00'}, {'HTTP_X ROLES': 'a'},
                {'HTTP_X_ROLES\t': 'a'}, {'HTTP_X\xf6': 'a'},
                {'CONTENT_LENGTH': '+5'}, {'CONTENT_LENGTH': '5_0'},
                {'CONTENT_LENGTH': '5, 5'}, {'CONTENT_LENGTH': '9' * 5000},
                {'CONTENT_LENGTH': '5', 'HTTP_TRANSFER_ENCODING': 'chunked'},
                {'HTTP_TRANSFER_ENCODING': '\x0bchunked'},
                {'HTTP_TRANSFER_ENCODING': 'gzip'},
                {'HTTP_TRANSFER_ENCODING': 'chunked',
                 'SERVER_PROTOCOL': 'HTTP/1.0'},
                {'SERVER_PROTOCOL': 'HTTP/9.9'}, {'SERVER_PROTOCOL': ''},
                {'REQUEST_METHOD': 'GET:'}, {'REQUEST_METHOD': '\r\nGET'},
                {'REQUEST_URI': '/a#b'}, {'REQUEST_URI': 'images'},
                {'REQUEST_URI': 'ftp://x/'}, {'HTTP_HOST': 'a@b'},
                {'HTTP_HOST': 'a, b'}, {'HTTP_HOST': ':80'}):
            self.assertRaises(head.Refused, seen_head.check,
                              environ(**changes))

    def test_good_heads_pass_unchanged(self):
        for changes in (
                {}, {'CONTENT_LENGTH': ''}, {'CONTENT_TYPE': ''},
                {'CONTENT_LENGTH': '5'}, {'SERVER_PROTOCOL': 'HTTP/2.0'},
                {'HTTP_TRANSFER_ENCODING': 'chunked'},
                {'SCRIPT_NAME': '/image', 'REQUEST_URI': '/image/v2'},
                {'REQUEST_URI': None, 'PATH_INFO': '/\xc3\xbc b'},
                {'REQUEST_URI': None, 'PATH_INFO': ''}):
            given = environ(**changes)
            seen = dict(given)
            seen_head.check(seen)
            self.assertEqual(given, seen)

    def test_put_right(self):
        seen = environ(REQUEST_URI='http://h:1/v2/images?a=b',
                       PATH_INFO='http://h:1/v2/images', HTTP_X='\t a ')
        seen_head.check(seen)
        self.assertEqual(
            ('/v2/images', 'a=b', 'h:1', 'a'),
            tuple(seen[name] for name in ('PATH_INFO', 'QUERY_STRING',
                                          'HTTP_HOST', 'HTTP_X')))

    def test_empty_host_is_none(self):
        seen = environ(HTTP_HOST='', SERVER_NAME='h', SERVER_PORT='1')
        seen_head.check(seen)
        self.assertNotIn('HTTP_HOST', seen)
