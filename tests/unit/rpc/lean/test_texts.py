"""Messages that both drivers read."""

import json

from oslo_messaging._drivers import common
from oslotest import base

from glance.rpc.lean import texts

CONTEXT = {'user': 'u', 'call_id': None}


class TestTexts(base.BaseTestCase):

    def test_a_request_is_read_as_it_was_written(self):
        body = texts.request({'method': 'm', 'args': {'é': [1, None]}},
                             CONTEXT, 'id', _reply_q='q')
        ctxt, message = texts.split(texts.read(body))
        self.assertEqual(CONTEXT, ctxt)
        self.assertEqual({'method': 'm', 'args': {'é': [1, None]},
                          '_unique_id': 'id', '_reply_q': 'q'}, message)

    def test_the_stock_envelope_is_read(self):
        body = json.dumps(common.serialize_msg({'a': 1})).encode()
        self.assertEqual({'a': 1}, texts.read(body))

    def test_what_kombu_would_change_is_in_an_envelope(self):
        message = {'a': {'__type__': 'uuid', '__value__': 'x'}}
        body = texts.written(message)
        self.assertIn('oslo.message', json.loads(body))
        self.assertEqual(message, texts.read(body))

    def test_what_is_no_message(self):
        for body in b'', b'{', b'[1]', b'\xff', b'1':
            self.assertRaises(ValueError, texts.read, body)

    def test_an_error_travels_as_that_of_the_stock_driver(self):
        try:
            raise KeyError('k')
        except KeyError as error:
            failure = type(error), error, error.__traceback__
        answer = texts.read(texts.answer('m', 'u', None, failure))
        self.assertIsInstance(common.deserialize_remote_exception(
            answer['failure'], ['builtins']), KeyError)
