"""A broker as far as the driver needs one, which does what a test tells it."""

import queue
import socket
import struct
import threading

from amqp import serialization
import fixtures

from glance.rpc.lean import frames

_FRAME_MAX = 4096
_START = serialization.dumps('ooFSS', (
    0, 9, {'capabilities': {'connection.blocked': True}}, 'PLAIN AMQPLAIN',
    'en_US'))
_EMPTY = b'\0'
# what is asked for: (what answers it, with these arguments)
_ANSWERS = {
    (10, 11): ((10, 30), struct.pack('>HIH', 0, _FRAME_MAX, 0)),
    (10, 40): ((10, 41), _EMPTY), (10, 50): ((10, 51), b''),
    (20, 10): ((20, 11), struct.pack('>I', 0)), (20, 40): ((20, 41), b''),
    (40, 10): ((40, 11), b''),
    (50, 10): ((50, 11), b'\1q' + struct.pack('>II', 0, 0)),
    (50, 20): ((50, 21), b''), (50, 40): ((50, 41), struct.pack('>I', 0)),
    (60, 10): ((60, 11), b''), (60, 20): ((60, 21), b'\1t'),
    (60, 30): ((60, 31), b'\1t'), (85, 10): ((85, 11), b'')}
_PUBLISH, _DECLARE_EXCHANGE = (60, 40), (40, 10)
_NOWAIT = 0x10


class Peer(fixtures.Fixture):
    """:ivar asked: methods, in their order
    :ivar published: (channel, exchange, key, content)
    :ivar acked: (number, whether all up to it) of messages
    :ivar may_read: it takes no more bytes while this is not set
    :ivar refused: {method: (code, text)} with which it ends a channel
    """

    def _setUp(self):
        self._listening = socket.create_server(('127.0.0.1', 0))
        self.port = self._listening.getsockname()[1]
        self.asked, self.acked, self.refused = [], queue.Queue(), {}
        self.published = queue.Queue()
        self.may_read = threading.Event()
        self.may_read.set()
        self.connections = []
        threading.Thread(target=self._accept, daemon=True).start()
        self.addCleanup(self.end)

    @property
    def url(self):
        return 'rabbit://u:p@127.0.0.1:%d/' % self.port

    def drop(self):
        """Break all connections."""
        for one in self.connections:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def end(self):
        """Break all connections, and take no more."""
        try:
            # Wakes who waits for one.
            self._listening.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listening.close()
        self.drop()

    def send(self, *data):
        self.connections[-1].sendall(b''.join(data))

    def deliver(self, body, number=1, message_id='', reply_to=''):
        arguments = (b'\1t' + struct.pack('>QB', number, 0) + b'\1e\1k')
        self.send(*self._content(1, (60, 60), arguments, body, message_id,
                                 reply_to))

    def give_back(self, channel, message_id):
        arguments = struct.pack('>H', 312) + b'\0\1e\1k'
        self.send(*self._content(channel, (60, 50), arguments, b'x',
                                 message_id, ''))

    def settle(self, number, taken=True, and_before=False):
        self.send(frames.method(2, (60, 80) if taken else (60, 120),
                                struct.pack('>QB', number, and_before)))

    def end_channel(self, text):
        self.send(frames.method(1, (20, 40), self._end(404, text)))

    def end_connection(self, text):
        self.send(frames.method(0, (10, 50), self._end(320, text)))

    def cancel(self):
        self.send(frames.method(1, (60, 30), b'\1t\1'))

    @staticmethod
    def _end(code, text):
        return serialization.dumps('BsBB', (code, text, 0, 0))

    def block(self, wanted=True):
        self.send(frames.method(0, (10, 60), b'\3low') if wanted
                  else frames.method(0, (10, 61)))

    @staticmethod
    def _content(channel, method, arguments, body, message_id, reply_to):
        sent = frames.message(channel, '', '', body, _FRAME_MAX, message_id,
                              reply_to=reply_to)
        ours = list(frames.Parser().feed(sent))[1:]
        return (frames.method(channel, method, arguments),
                *(frames.frame(*one) for one in ours))

    def _accept(self):
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            self.connections.append(client)
            threading.Thread(target=self._serve, args=(client,),
                             daemon=True).start()

    def _serve(self, client):
        parser, contents = frames.Parser(), {}
        try:
            client.recv(8, socket.MSG_WAITALL)
            client.sendall(frames.method(0, (10, 10), _START))
            while self.may_read.wait() and (data := client.recv(65536)):
                for frame in parser.feed(data):
                    self._take(client, contents, *frame)
        except OSError:
            pass
        finally:
            client.close()

    def _take(self, client, contents, kind, channel, payload):
        if kind == frames.METHOD:
            self._answer(client, contents, channel, payload)
        elif kind != frames.HEARTBEAT:
            content = contents[channel]
            if (content.header if kind == frames.HEADER
                    else content.add)(payload):
                self.published.put((channel, *_address(content), content))

    def _answer(self, client, contents, channel, payload):
        method = frames.signature(payload)
        self.asked.append(method)
        if method in self.refused:
            code, text = self.refused.pop(method)
            client.sendall(frames.method(channel, (20, 40),
                                         self._end(code, text)))
        elif method == _PUBLISH:
            contents[channel] = frames.Content(channel, method, payload)
        elif method == frames.ACK:
            self.acked.put(frames.settled(payload))
        elif method in _ANSWERS and not (
                method == _DECLARE_EXCHANGE and payload[-5] & _NOWAIT):
            client.sendall(frames.method(channel, *_ANSWERS[method]))


def _address(content):
    """:returns: (exchange, key) of what is published"""
    at, found = 6, []
    for _ in range(2):
        end = at + 1 + content.arguments[at]
        found.append(content.arguments[at + 1:end].decode())
        at = end
    return found
