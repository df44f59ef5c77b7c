"""Both directions at a time, over TLS."""

import socket
import ssl
import threading

from oslotest import base

from glance.common import concurrency
from glance.rpc.lean import tls
from tests.fixtures import certificates
from tests.unit.rpc.lean import base as lean

# More than the buffers of sockets hold, either way.
SIZE = 8 << 20
PIECE = 65536


class TestTLS(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        if concurrency.is_green():
            self.skipTest('greenlets need none of it')
        files = self.useFixture(certificates.Certificates())
        ours, theirs = socket.socketpair()
        self.theirs = concurrency.spawn(self.wrap, theirs, True,
                                        *files.server)
        self.ours = self.wrap(ours, False)
        self.ours.settimeout(0)
        self.theirs = self.theirs.wait(lean.PATIENCE)
        self.turn = threading.Lock()

    def wrap(self, sock, is_server, *files):
        self.addCleanup(sock.close)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if is_server
                                 else ssl.PROTOCOL_TLS_CLIENT)
        if files:
            context.load_cert_chain(*files)
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        wrapped = context.wrap_socket(sock, server_side=is_server)
        self.addCleanup(wrapped.close)
        return wrapped

    def echo(self):
        left = SIZE
        while left:
            piece = self.theirs.recv(PIECE)
            self.theirs.sendall(piece)
            left -= len(piece)

    def read(self):
        got = bytearray()
        while len(got) < SIZE:
            got += tls.receive(self.ours, self.turn, PIECE)
        return bytes(got)

    def test_what_is_sent_comes_back_whole(self):
        data = bytes(range(256)) * (SIZE // 256)
        others = [concurrency.spawn(one) for one in (self.echo, self.read)]
        tls.send(self.ours, self.turn, data)
        others[0].wait(lean.PATIENCE)
        got = others[1].wait(lean.PATIENCE)
        # A difference would be too long to print.
        wrong = sum(a != b for a, b in zip(data, got, strict=True))
        self.assertEqual(0, wrong)

    def test_the_end_wakes_who_reads(self):
        task = concurrency.spawn(tls.receive, self.ours, self.turn, PIECE)
        self.assertRaises(TimeoutError, task.wait, 0.05)
        self.theirs.close()
        try:
            self.assertEqual(b'', task.wait(lean.PATIENCE))
        except ssl.SSLEOFError:
            pass
