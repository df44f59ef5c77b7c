"""What is written is what py-amqp reads, and the other way round."""

from amqp import basic_message
from amqp import exceptions
from oslotest import base

from glance.rpc.lean import frames

BODY = b'{"a": 1}'


def parsed(data, piece=None):
    """:param piece: bytes that arrive at a time"""
    parser, found = frames.Parser(), []
    for at in range(0, len(data), piece or len(data)):
        found += parser.feed(data[at:at + (piece or len(data))])
    return found


class TestMessage(base.BaseTestCase):

    def message(self, body=BODY, frame_max=4096, **more):
        return frames.message(1, 'e', 'k', body, frame_max, 'id', **more)

    def properties(self, data):
        content = basic_message.Message()
        content.inbound_header(data[1][2])
        return content.properties

    def test_py_amqp_reads_the_properties(self):
        got = self.properties(parsed(self.message(
            reply_to='there', expires=1.5, mode=frames.PERSISTENT)))
        self.assertEqual({
            'content_type': 'application/json', 'content_encoding': 'utf-8',
            'delivery_mode': 2, 'correlation_id': 'id', 'reply_to': 'there',
            'expiration': '1500'}, got)

    def test_what_is_not_said_is_not_sent(self):
        self.assertEqual(
            {'content_type', 'content_encoding', 'delivery_mode',
             'correlation_id'}, set(self.properties(parsed(self.message()))))

    def test_a_large_body_is_cut_into_frames(self):
        body = bytes(range(256)) * 100
        found = parsed(self.message(body, 1000))
        bodies = [payload for kind, _channel, payload in found
                  if kind == frames.BODY]
        self.assertEqual(body, b''.join(bodies))
        self.assertLessEqual(max(map(len, bodies)), 1000 - 8)

    def test_mandatory_is_a_bit(self):
        for wanted in True, False:
            _kind, _channel, payload = parsed(self.message(
                mandatory=wanted))[0]
            self.assertEqual(wanted, payload[-1])


class TestParser(base.BaseTestCase):

    def test_frames_that_arrive_in_pieces(self):
        data = frames.message(3, 'e', 'k', BODY, 4096, 'id') + frames.ack(1, 7)
        whole = parsed(data)
        self.assertEqual([1, 2, 3, 1], [kind for kind, _c, _p in whole])
        for piece in 1, 2, 7, 8, 20:
            self.assertEqual(whole, parsed(data, piece))

    def test_a_frame_without_its_end(self):
        data = frames.ack(1, 7)[:-1] + b'x' + frames.HEARTBEAT_FRAME
        self.assertRaises(exceptions.UnexpectedFrame, parsed, data)


class TestContent(base.BaseTestCase):

    def header(self, **properties):
        message = basic_message.Message(**properties)
        return (b'\0\x3c\0\0' + len(BODY).to_bytes(8, 'big')
                + message._serialize_properties())

    def content(self, **properties):
        content = frames.Content(1, frames.DELIVER, b'')
        self.assertFalse(content.header(self.header(**properties)))
        return content

    def test_properties_that_py_amqp_has_written(self):
        content = self.content(
            content_type='a', content_encoding='b', delivery_mode=2,
            priority=0, application_headers={'a': 'b', 'c': 1},
            correlation_id='id', reply_to='there', expiration='7')
        self.assertEqual(('id', 'there'),
                         (content.message_id, content.reply_to))

    def test_properties_that_are_not_there(self):
        content = self.content(application_headers={})
        self.assertEqual(('', ''), (content.message_id, content.reply_to))

    def test_a_body_in_pieces(self):
        content = self.content()
        self.assertFalse(content.add(BODY[:3]))
        self.assertTrue(content.add(BODY[3:]))
        self.assertEqual(BODY, content.body)
