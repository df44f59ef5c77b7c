"""OSSA-2015-020: a token that expired during an upload left data behind.

The end of an upload needs no token of the user: the bus carries who asked,
not what proved it.
"""

import io
import json

from glance.rpc import client
from tests.advisories import base

TOKEN = 'gAAAAA-the-token-of-the-user'


class Body(io.BytesIO):
    """Calls back once when the service begins to read."""

    def __init__(self, data, then):
        super().__init__(data)
        self._then = [then]

    def read(self, *args):
        if self._then:
            self._then.pop()()
        return super().read(*args)


class TestExpiredToken(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create()['id']

    def upload(self, then):
        return self.service.upload(
            self.image_id, bytes(5000), headers={'X-Auth-Token': TOKEN},
            **{'wsgi.input': Body(bytes(5000), then)}).status_int

    def test_no_token_on_the_bus(self):
        contexts, send = [], client.Client.write

        def noting(rpc, ctxt, *args, **kwargs):
            contexts.append((args[1], ctxt.to_bus()))
            return send(rpc, ctxt, *args, **kwargs)
        self.patch(client.Client, 'write', noting)
        self.assertEqual(204, self.upload(lambda: None))
        self.assertEqual(['begin', 'finish'],
                         [name for name, _ctxt in contexts])
        self.assertNotIn(TOKEN, json.dumps(contexts))

    def test_deleted_meanwhile(self):
        status = self.upload(lambda: self.service.call(
            'DELETE', self.path(self.image_id)))
        self.assertEqual(410, status)
        self.assertEqual([], self.service.stored_files())
