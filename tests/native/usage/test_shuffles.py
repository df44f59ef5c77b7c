"""The recorded events in any order, while conductors are killed.

With GLANCE_TEST_SHUFFLES=200 they come in so many orders.
"""

import copy
import os
import random
import uuid

import fixtures
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from tests.fixtures import database
from tests.fixtures import programs
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import workspace
from tests.fixtures import usage
from tests.functional.usage import base

SHUFFLES = int(os.environ.get('GLANCE_TEST_SHUFFLES', 20))
# In one of so many orders the conductor is killed.
KILLED = max(4, SHUFFLES // 20)
# The image that the recorded server was shelved into.
SNAPSHOT = 'cloud-shelved'
_USES, _SUMS = own_schema.image_uses, own_schema.image_usage


class Cloud(fixtures.Fixture):
    """A registry and a conductor, over RabbitMQ and MariaDB."""

    def __init__(self, bus):
        super().__init__()
        self._bus = bus

    def _setUp(self):
        work = self.useFixture(workspace.Workspace())
        url = database.complete(self.useFixture(mariadb.MariaDB()))
        config = programs.write_config(work.join('glance.conf'), {
            'DEFAULT': {'transport_url': self._bus,
                        'node_staging_uri': 'file://' + work.join('staging')},
            'database': {'connection': url},
            'glance_store': {'filesystem_store_datadir': work.join('images')},
            'usage': {'enabled': 'true'}})
        self._engine = sa.create_engine(url)
        self.addCleanup(self._engine.dispose)
        self.registry, self.conductor = [self.useFixture(programs.start(
            name, '--config-file', config, log=work.join(name)))
            for name in ('glance-registry', 'glance-conductor')]

    def begin(self):
        """A transaction that is committed in the end."""
        return self._engine.begin()

    def tables(self):
        """:returns: ({(kind, id, image): (since, seen, until)},
            {image: (use count, last used)})
        """
        with self.begin() as conn:
            uses = conn.execute(sa.select(
                _USES.c.kind, _USES.c.consumer_id, _USES.c.image_id,
                _USES.c.since_ms, _USES.c.seen_ms, _USES.c.until_ms)).all()
            sums = conn.execute(_SUMS.select().where(
                _SUMS.c.image_id != '')).all()
        return ({tuple(row[:3]): tuple(row[3:]) for row in uses},
                {row.image_id: tuple(row[1:]) for row in sums})


class ShufflesTest(base.UsageTestCase):

    def setUp(self):
        super().setUp()
        self.messages = usage.recorded()
        self.last = self.ending()
        self.cloud = self.useFixture(Cloud(self.bus))
        snapshots = {SNAPSHOT: self.add_snapshot()}
        uses = usage.outcome([one['message'] for one in
                              [*self.messages, self.last]], snapshots)
        self.assertIn('shelved', {kind for kind, _id, _image in uses})
        self.wanted = uses, usage.sums(uses)

    def ending(self):
        """What is told after all the others, of another volume."""
        found = copy.deepcopy(next(
            one for one in self.messages
            if one['message']['event_type'] == 'volume.create.end'
            and usage.said(one['message'])))
        found['message']['payload']['volume_id'] = str(uuid.uuid4())
        return found

    def add_snapshot(self):
        image_id = str(uuid.uuid4())
        row = {'created_at': sa.func.now(), 'updated_at': sa.func.now(),
               'deleted': False}
        with self.cloud.begin() as conn:
            conn.execute(schema.images.insert().values(
                id=image_id, name=SNAPSHOT, status='active', min_disk=0,
                min_ram=0, protected=False, os_hidden=False,
                visibility='private', owner=usage.PROJECT, **row))
            conn.execute(schema.image_properties.insert().values(
                image_id=image_id, name='instance_uuid', value=usage.REBUILT,
                **row))
        return image_id

    def forget(self):
        with self.cloud.begin() as conn:
            conn.execute(_USES.delete())
            conn.execute(_SUMS.delete().where(_SUMS.c.image_id != ''))

    def tell(self, messages):
        self.send(messages)
        self.send([self.last])
        self.wait_for(self.wanted, self.cloud.tables)

    def tell_and_kill(self, messages, is_begun):
        """:param is_begun: as soon as it has taken some, or right away"""
        half = len(messages) // 2
        self.send(messages[:half])
        if is_begun:
            self.wait_for(True, lambda: bool(self.cloud.tables()[0]))
        self.cloud.conductor.kill()
        self.cloud.conductor.start()
        self.tell(messages[half:])

    def test_the_tables_are_the_same_in_the_end(self):
        self.wait_until_bound()
        self.tell(self.messages)
        for seed in range(SHUFFLES):
            self.forget()
            chance = random.Random(seed)
            told = self.messages + chance.sample(
                self.messages, len(self.messages) // 4)
            chance.shuffle(told)
            if seed % KILLED:
                self.tell(told)
            else:
                self.tell_and_kill(told, is_begun=chance.random() < .5)
        # What it has not acknowledged would wait again.
        self.cloud.conductor.stop()
        self.wait_for((0, 0), self.queue)
