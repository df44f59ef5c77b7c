"""Events of nova and cinder on a real broker come to the same uses."""

import threading

import oslo_messaging

from tests.fixtures import usage
from tests.functional.usage import base


class Other:
    """Reads all that is sent, as ceilometer does, and notes it."""

    def __init__(self):
        self.read, self.lock = [], threading.Lock()

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        with self.lock:
            self.read.append(metadata['message_id'])


class ListeningTest(base.UsageTestCase):

    def setUp(self):
        super().setUp()
        self.messages = usage.recorded()
        self.wanted = usage.outcome(one['message'] for one in self.messages)

    def test_recorded_events_in_both_frames(self):
        listening = self.listen()
        self.wait_until_bound()
        self.send(self.messages[:50])
        self.send(self.messages[50:], envelope=1.0)
        self.wait_for(self.wanted, listening.rows)

    def test_what_is_no_event_is_read_once(self):
        listening = self.listen()
        self.wait_until_bound()
        broken = [{'exchange': 'nova', 'topic': 'notifications.info',
                   'message': {'priority': priority, 'event_type': kind,
                               'payload': payload}}
                  for priority in (None, 7, 'INFO')
                  for kind in (None, [], 'instance.create.end')
                  for payload in (None, [], {'nova_object.data': 7})]
        self.send(broken + self.messages)
        self.wait_for(self.wanted, listening.rows)
        self.wait_for(0, lambda: self.queue()[0])
        self.assertNotIn('ERROR', listening.program.output())

    def test_nobody_else_misses_a_message(self):
        other = Other()
        reader = oslo_messaging.get_notification_listener(
            self.transport(), [
                oslo_messaging.Target(exchange=exchange, topic=topic)
                for exchange in ('nova', 'openstack')
                for topic in ('notifications', 'versioned_notifications')],
            [other])
        reader.start()
        self.addCleanup(reader.wait)
        self.addCleanup(reader.stop)
        listening = self.listen()
        self.wait_until_bound()
        self.send(self.messages)
        self.wait_for(self.wanted, listening.rows)
        self.wait_for(sorted(one['message']['message_id']
                             for one in self.messages),
                      lambda: sorted(other.read))


class RestartTest(base.UsageTestCase):

    private = True

    def test_messages_outlive_the_broker(self):
        self.bus += '?amqp_durable_queues=true'
        messages = usage.recorded()
        wanted = usage.outcome(one['message'] for one in messages)
        listening = self.listen()
        self.wait_until_bound()
        self.send(messages[:30])
        listening.program.kill()
        self.send(messages[30:60])
        self.broker.stop()
        self.broker.start()
        listening.program.start()
        self.wait_for(usage.outcome(
            one['message'] for one in messages[:60]), listening.rows)
        self.broker.stop()
        self.broker.start()
        self.wait_until_bound()
        self.send(messages[60:])
        self.wait_for(wanted, listening.rows)
