"""Events that could not be silenced, or told of other values."""

import json
import time

import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import own_schema
from tests.functional.cache import base

NAMESPACES = '/v2/metadefs/namespaces'


class TestEvents(base.TestCase):

    def setUp(self):
        super().setUp()
        # Nothing relays them: they stay in the outbox.
        self.service.conf.config(group='oslo_messaging_notifications',
                                 driver=['messagingv2'])

    def silence(self, *names):
        self.service.conf.config(disabled_notifications=list(names))

    def events(self, prefix):
        with engine.reader() as connection:
            rows = connection.execute(sa.select(own_schema.outbox)).all()
        return [(row.event_type, json.loads(row.payload)) for row in rows
                if row.event_type.startswith(prefix)]

    def test_members_can_be_silenced(self):
        path = '/v2/images/%s/members' % self.image_id
        for names, count in ((['image.member'], 0), ([], 1)):
            self.silence(*names)
            self.service.call('POST', path, {'member': 'p%d' % count})
            self.assertEqual(count, len(self.events('image.member')))

    def test_downloads_from_the_cache_can_be_silenced(self):
        self.cached()
        self.download()
        told = self.settled()
        self.silence('image.send')
        self.download()
        self.assertEqual(told, self.settled())
        self.silence()
        self.download()
        self.eventually(told + 1, lambda: len(self.events('image.send')))

    def settled(self):
        """How many downloads are told of, when no news comes any more."""
        count = None
        while count != len(self.events('image.send')):
            count = len(self.events('image.send'))
            time.sleep(1)
        return count

    def test_values_of_definitions_are_told_as_they_are(self):
        values = {'title': '', 'type': 'integer', 'default': 0,
                  'minimum': 0, 'enum': [], 'uniqueItems': False}
        self.service.admin('POST', NAMESPACES, {'namespace': 'n'})
        self.service.admin('POST', NAMESPACES + '/n/objects', {
            'name': 'o', 'properties': {'p': values}})
        self.service.admin('POST', NAMESPACES + '/n/properties',
                           dict(values, name='p'))
        (_type, told), = self.events('metadef_object.create')
        told, = told['properties']
        (_type, alone), = self.events('metadef_property.create')
        for name, value in values.items():
            self.assertEqual(value, told[name], name)
            self.assertEqual(value, alone[name], name)
