"""What happened outside of the registry is told by it."""

import json

from glance.db.connect import engine
from glance.db.durable import outbox
from glance.registry.endpoints import events
from tests.unit.registry import base


class EventsTest(base.RegistryTestCase):

    def test_a_download_cut_off_is_an_error(self):
        endpoint = events.EventsEndpoint()
        payload = {'image_id': 'i', 'bytes_sent': 3}
        for tell, priority in ((endpoint.image_sent, 'INFO'),
                               (endpoint.image_cut_off, 'ERROR')):
            tell(self.owner, payload=payload)
            with engine.writer() as conn:
                row, = outbox.head(conn, 9)
                outbox.remove(conn, [row.seq])
            self.assertEqual(('image.send', priority, payload), (
                row.event_type, row.priority, json.loads(row.payload)))
