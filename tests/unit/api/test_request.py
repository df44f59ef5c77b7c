"""Bodies and URLs of requests."""

import io
import json

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.api import request
from glance.common import exceptions
from glance.conf import CONF


def blank(body=b'', **environ):
    req = request.Request.blank('/images', base_url='http://h:9292/glance/v2')
    req.body = body
    req.environ.update(environ)
    return req


class TestReadJson(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def refused(self, body, error=exceptions.BadRequest, **environ):
        req = blank(body, **environ)
        return self.assertRaises(error, req.read_json)

    def test_all_kinds_of_values_are_read(self):
        value = {'name': 'ü\U0001f600', 'n': [1, 2.5, None, True], 'o': {}}
        self.assertEqual(value, blank(json.dumps(value).encode()).read_json())
        self.assertEqual(value, blank(json.dumps(
            value, ensure_ascii=False).encode()).read_json())

    def test_whole_numbers(self):
        """How a client writes them is its own affair."""
        value = blank(b'[1.0, 1e3, -2.0, 1.5, true]').read_json()
        self.assertEqual('[1, 1000, -2, 1.5, true]', json.dumps(value))

    def test_media_type(self):
        for given in ('Application/JSON', 'application/json; charset=x'):
            req = blank()
            req.headers['Content-Type'] = given
            self.assertEqual('application/json', req.media_type)
        self.assertEqual('', blank().media_type)

    def test_escaped_backslash_is_text(self):
        self.assertEqual('\\u0000', blank(b'"\\\\u0000"').read_json())

    def test_what_is_no_json_is_refused(self):
        for body in (b'', b'{', b'{"a": NaN}', b'[Infinity]', b'\xff',
                     b'{"a": 1,}', b'"\x00"', b'1' * 5000,
                     b'[' * 100000, '"a"'.encode('utf-16')):
            self.refused(body)

    def test_what_no_database_can_hold(self):
        for body in (b'"\\u0000"', b'"\\ud800"', b'{"\\udfff": 1}',
                     b'{"a": [{"b": "x\\u0000"}]}'):
            self.refused(body)

    def test_digests_that_came_with_it(self):
        for name, right, wrong in (
                ('CONTENT_MD5', 'mZFLkyvTelC5g8XnyQrpOw==',
                 '1B2M2Y8AsgTpgAmY7PhCfg=='),
                ('CONTENT_MD5', '99914b932bd37a50b983c5e7c90ae93b', 'x'),
                ('DIGEST', 'md5=mZFLkyvTelC5g8XnyQrpOw==',
                 'md5=1B2M2Y8AsgTpgAmY7PhCfg=='),
                ('CONTENT_DIGEST', 'md5=:mZFLkyvTelC5g8XnyQrpOw==:',
                 'md5=:1B2M2Y8AsgTpgAmY7PhCfg==:'),
                ('REPR_DIGEST', 'unknown=:AAAA:', 'md5=AAAA')):
            name = 'HTTP_' + name
            self.assertEqual({}, blank(b'{}', **{name: right}).read_json())
            self.refused(b'{}', **{name: wrong})

    def test_too_large(self):
        self.conf.config(max_json_body_size=1024)
        self.refused(b'"' + b'x' * 1023 + b'"', exceptions.LimitExceeded)

    def test_too_large_without_a_length(self):
        self.conf.config(max_json_body_size=1024)
        req = blank()
        del req.environ['CONTENT_LENGTH']
        req.environ['wsgi.input'] = io.BytesIO(b'"' + b'x' * 1023 + b'"')
        req.environ['HTTP_TRANSFER_ENCODING'] = 'chunked'
        self.assertRaises(exceptions.LimitExceeded, req.read_json)

    def test_ended_early(self):
        self.refused(b'{}', CONTENT_LENGTH='3')


class TestUrls(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def test_from_the_request(self):
        self.assertEqual('http://h:9292/glance', blank().base_url)

    def test_from_the_option(self):
        self.conf.config(public_endpoint='https://images.example/')
        self.assertEqual('https://images.example', blank().base_url)
