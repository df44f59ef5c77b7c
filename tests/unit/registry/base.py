"""A registry's endpoints on a fresh database, called without a bus."""

import functools
import inspect
import typing
import uuid

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.conf import CONF
from glance.conf import relay
from glance.conf import work
from glance.db.connect import engine
from glance.db.durable import outbox
from glance.db import own_schema
from glance.notifications import bus
from glance.registry.endpoints import images
from glance.registry.endpoints import members
from glance.registry.endpoints import uploads
from glance.registry.endpoints import work as work_endpoint
from glance.registry import manager
from tests.fixtures import database
from tests.fixtures import shapes

QUERY = {'filters': [], 'properties': {}, 'tags': [], 'visibility': None,
         'member_status': 'accepted', 'os_hidden': False,
         'sort': [['created_at', 'desc'], ['id', 'desc']], 'marker': None,
         'limit': 25}
PROGRESS = {'next': 'b', 'step': 'a', 'done': 1, 'total': None, 'tries': 0,
            'reason': None, 'state': {}}


@functools.cache
def _checked_methods():
    """[(class of an endpoint, name, method that looks at its answers)]"""
    return [(endpoint, name, _checked(method))
            for endpoint in map(type, manager.endpoints())
            for name, method in vars(endpoint).items()
            if inspect.isfunction(method) and name[0] != '_']


def _checked(method):
    kind = typing.get_type_hints(method)['return']

    @functools.wraps(method)
    def call(*args, **kwargs):
        answer = method(*args, **kwargs)
        problems = shapes.problems(answer, kind, method.__qualname__)
        if problems:
            raise AssertionError('\n'.join(problems))
        return answer
    return call


class Answers(fixtures.Fixture):
    """What endpoints answer is what they and their twins promise."""

    def _setUp(self):
        for endpoint, name, method in _checked_methods():
            self.useFixture(fixtures.MonkeyPatch(
                '%s.%s.%s' % (endpoint.__module__, endpoint.__name__, name),
                method))


class RegistryTestCase(base.BaseTestCase):
    """Notifications are on, so that the outbox can be looked at.

    :cvar are_answers_checked: whether they have to be what is promised
    """

    are_answers_checked = True

    def setUp(self):
        super().setUp()
        for module in (bus, relay, work):
            module.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF))
        self.config.config(driver=['messagingv2'],
                           group='oslo_messaging_notifications')
        self.database = self.useFixture(self.make_database())
        if self.are_answers_checked:
            self.useFixture(Answers())
        self.images = images.ImagesEndpoint()
        self.uploads = uploads.UploadsEndpoint()
        self.members = members.MembersEndpoint()
        self.work = work_endpoint.WorkEndpoint()
        self.owner = context.BusContext(project_id='owner', user_id='u')
        self.stranger = context.BusContext(project_id='stranger')
        self.admin = context.BusContext(project_id='admin', is_admin=True)

    def make_database(self):
        return database.Database()

    def create(self, **attributes):
        image = {'id': str(uuid.uuid4()), 'name': 'an image',
                 'visibility': 'shared', 'owner': 'owner',
                 'disk_format': 'raw', 'container_format': 'bare',
                 'min_disk': 0, 'min_ram': 0, 'protected': False,
                 'os_hidden': False, 'properties': {}, 'tags': []}
        image.update(attributes)
        return self.images.create(self.owner, image=image)

    def get(self, ctxt, image_id):
        return self.images.get_many(ctxt, items=[
            [image_id, ctxt.project_id, ctxt.is_admin]])[0]

    def list(self, ctxt, **query):
        return [image['name'] for image in self.images.list(
            ctxt, query=dict(QUERY, **query))]

    def upload(self, image_id, url='file:///images/x'):
        begun = self.uploads.begin(self.owner, image_id=image_id,
                                   store_id='file', is_multi=True,
                                   size=3)
        self.uploads.finish(
            self.owner, image_id=image_id, upload_id=begun['id'],
            attempt=begun['attempt'],
            data={'size': 3, 'virtual_size': None, 'checksum': 'c' * 32,
                  'os_hash_algo': 'sha512', 'os_hash_value': 'h' * 128,
                  'url': url, 'metadata': {'store': 'file'}})

    def run_out_leases(self):
        with engine.writer() as conn:
            conn.execute(own_schema.work.update(), {'lease_until_ms': 0})

    def events(self):
        """The types of what is in the outbox, which is emptied."""
        with engine.writer() as conn:
            rows = outbox.head(conn, 1000)
            outbox.remove(conn, [row.seq for row in rows])
        return [row.event_type for row in rows]
