"""The relay: everything is sent, in order, whatever the bus does."""

import json

from glance.db.connect import engine
from glance.db.durable import leases
from glance.db.durable import outbox
from glance.db import own_schema
from glance.metrics import counters
from glance.notifications import events
from glance.notifications import relay
from tests.unit.registry import base


class FlakyBus:
    """Refuses every third message once."""

    def __init__(self):
        self.taken, self._tries = [], 0

    def send(self, message_id, event_type, priority, payload, created_ms):
        self._tries += 1
        if self._tries % 3 == 0:
            raise ConnectionError('the broker is away')
        self.taken.append(payload['n'])


class RelayTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.relay = self.make_relay()
        self.before = self.taken_over(0)

    def taken_over(self, before=None):
        """:returns: how often since the beginning of the test"""
        counter = counters.WORK_TAKEN_OVER.labels(relay.DUTY)
        return counter._value.get() - (
            self.before if before is None else before)

    def make_relay(self):
        made = relay.Relay(lambda function, *args: function(*args))
        made._bus = FlakyBus()
        return made

    def add(self, *numbers):
        with engine.writer() as conn:
            outbox.add(conn, [events.Event('a.b', 'INFO', {'n': number})
                              for number in numbers])

    def drain(self, made):
        for _ in range(20):
            try:
                if not made._relay_batch():
                    return
            except ConnectionError:
                pass

    def test_nothing_is_lost_or_overtaken(self):
        self.add(*range(8))
        self.drain(self.relay)
        self.assertEqual(list(range(8)), self.relay._bus.taken)
        self.assertEqual([], self.events())

    def test_one_that_is_broken_stops_no_other(self):
        self.add(*range(9))
        for seq, payload in zip((1, 4, 9), ('', '{', 'x' * 100)):
            with engine.writer() as conn:
                conn.execute(own_schema.outbox.update().where(
                    own_schema.outbox.c.seq == seq), {'payload': payload})
        with self.assertLogs('glance.notifications.relay', 'ERROR') as logged:
            self.drain(self.relay)
        self.assertEqual([1, 2, 4, 5, 6, 7], self.relay._bus.taken)
        self.assertEqual(3, len(logged.output))
        self.assertEqual([], self.events())

    def test_only_the_holder_of_the_duty_relays(self):
        self.add(1)
        with engine.writer() as conn:
            self.assertTrue(leases.hold(conn, relay.DUTY, 'other', 60))
        self.drain(self.relay)
        self.assertEqual([], self.relay._bus.taken)
        with engine.writer() as conn:
            leases.give_up(conn, relay.DUTY, 'other')
        self.drain(self.relay)
        self.assertEqual([1], self.relay._bus.taken)

    def test_one_with_the_same_host_and_process_id_is_another(self):
        self.drain(self.relay)
        self.add(1)
        twin = self.make_relay()
        self.drain(twin)
        self.assertEqual([], twin._bus.taken)
        self.drain(self.relay)
        self.assertEqual([1], self.relay._bus.taken)

    def test_another_takes_over_when_the_lease_runs_out(self):
        self.add(1)
        with engine.writer() as conn:
            leases.hold(conn, relay.DUTY, 'dead', -1)
        self.drain(self.relay)
        self.assertEqual([1], self.relay._bus.taken)
        self.assertEqual(1, self.taken_over())

    def test_first_or_after_another_gave_up_nothing_is_taken_over(self):
        self.drain(self.relay)
        self.drain(self.relay)
        self.relay._give_up()
        self.drain(self.make_relay())
        self.assertEqual(0, self.taken_over())

    def test_a_failed_change_tells_nothing(self):
        try:
            with engine.writer() as conn:
                outbox.add(conn, [events.Event('a.b', 'INFO', {})])
                raise KeyError()
        except KeyError:
            pass
        self.assertEqual([], self.events())


class WantedTest(base.RegistryTestCase):

    def test_disabled_groups_and_types(self):
        for disabled, left in ((['image'], []),
                               (['image.create'], ['image.status']),
                               (['image.status'], ['image.create']),
                               (['task'], ['image.create', 'image.status']),
                               (['imag', 'image.cr', 'image.'],
                                ['image.create', 'image.status'])):
            self.config.config(disabled_notifications=disabled)
            self.create()
            self.assertEqual(left, self.events())

    def test_members_can_be_silenced_alone(self):
        self.config.config(disabled_notifications=['image.member'])
        image_id = self.create()['id']
        self.members.create(self.owner, image_id=image_id, member_id='m',
                            limit=-1)
        self.assertEqual(['image.create', 'image.status'], self.events())

    def test_no_driver_no_rows(self):
        for driver in ([], ['noop']):
            self.config.config(driver=driver,
                               group='oslo_messaging_notifications')
            self.create()
            self.assertEqual([], self.events())


class PayloadTest(base.RegistryTestCase):

    def payloads(self):
        with engine.writer() as conn:
            rows = outbox.head(conn, 100)
            outbox.remove(conn, [row.seq for row in rows])
        return {row.event_type: json.loads(row.payload) for row in rows}

    def test_of_an_image(self):
        self.create(visibility='public', properties={'p': 'v'}, tags=['t'])
        found = self.payloads()
        self.assertEqual(
            {'id', 'name', 'status', 'created_at', 'updated_at',
             'deleted_at', 'deleted', 'min_disk', 'min_ram', 'protected',
             'checksum', 'owner', 'disk_format', 'container_format', 'size',
             'virtual_size', 'visibility', 'properties', 'tags',
             'is_public'}, set(found['image.create']))
        self.assertIs(True, found['image.create']['is_public'])
        self.assertEqual((None, 'queued'),
                         (found['image.status']['old_status'],
                          found['image.status']['new_status']))

    def test_no_location_is_ever_told(self):
        image_id = self.create()['id']
        self.upload(image_id, url='swift://user:secret@host/x')
        self.images.delete(self.owner, image_id=image_id)
        self.assertNotIn('secret', json.dumps(self.payloads()))

    def test_of_a_deletion(self):
        self.images.delete(self.owner, image_id=self.create()['id'])
        payload = self.payloads()['image.delete']
        self.assertEqual(('deleted', True),
                         (payload['status'], payload['deleted']))
        self.assertIsNotNone(payload['deleted_at'])
