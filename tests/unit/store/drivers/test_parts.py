"""Parts go out several at a time, in bounded memory."""

import itertools

from oslotest import base

from glance.store.drivers import parts
from tests.unit.store import base as sources

native = parts.native
_PATIENCE = 60      # seconds


class Store:
    """Notes the parts that it gets.

    :ivar gate: they wait until it is set
    """

    def __init__(self):
        self.parts, self.clients = {}, itertools.count()
        self.gate = native.threading.Event()
        self.gate.set()
        self.begun = native.queue.SimpleQueue()
        self.error = None

    def connect(self):
        return 'client %d' % next(self.clients)

    def put(self, client, number, piece):
        self.begun.put(number)
        self.gate.wait(_PATIENCE)
        if self.error is not None:
            raise self.error
        self.parts[number] = bytes(piece)

    def send(self, source, length=5, most=2):
        return parts.send(source, itertools.repeat(length), most,
                          self.connect, self.put)


class Source(sources.Source):
    """Counts what was taken."""

    taken = 0

    def next_buffer(self):
        found = super().next_buffer()
        self.taken += len(found)
        return found


class SendTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.store = Store()

    def test_each_byte_is_in_its_part(self):
        """However the buffers of the source and the parts are cut."""
        data = bytes(range(200))
        for piece, length in itertools.product((1, 5, 7, 200), repeat=2):
            self.store.parts.clear()
            count = self.store.send(sources.Source(data, piece=piece), length)
            self.assertEqual(-(-len(data) // length), count)
            found = [self.store.parts[number]
                     for number in range(1, count + 1)]
            self.assertEqual(data, b''.join(found))
            self.assertEqual({length}, set(map(len, found[:-1])) or {length})

    def test_no_bytes(self):
        self.assertEqual(0, self.store.send(sources.Source(b'')))
        self.assertEqual({}, self.store.parts)

    def test_source_fails(self):
        """What is on its way is waited for."""
        self.assertRaises(KeyError, self.store.send,
                          sources.Source(b'x' * 12, KeyError()))
        self.assertEqual({1, 2}, set(self.store.parts))

    def test_store_fails(self):
        self.store.error = OSError()
        source = Source(b'x' * 500, piece=5)
        self.assertRaises(OSError, self.store.send, source)
        self.assertLess(source.taken, 500)

    def test_a_client_cannot_be_had(self):
        def connect():
            raise OSError()
        self.store.connect = connect
        self.assertRaises(OSError, self.store.send, sources.Source(b'x'))

    def test_slow_store(self):
        """Two are on their way, a third is at hand, nothing more is taken."""
        self.store.gate.clear()
        source = Source(b'x' * 50, piece=5)
        thread = native.threading.Thread(target=self.store.send,
                                         args=(source,))
        thread.start()
        for _number in range(2):
            self.store.begun.get(timeout=_PATIENCE)
        thread.join(0.5)
        self.assertLessEqual(source.taken, 15)
        self.store.gate.set()
        thread.join(_PATIENCE)
        self.assertEqual(set(range(1, 11)), set(self.store.parts))
        self.assertEqual(2, next(self.store.clients))

    def test_parts_grow_with_the_data(self):
        self.assertEqual([5, 5, 10, 10, 15], list(
            itertools.islice(parts.sizes(5, 2), 5)))
        self.assertEqual([5, 5, 8, 8, 8], list(
            itertools.islice(parts.sizes(5, 2, 8), 5)))
