"""Images in use are kept where that is wanted, and are told of."""

import json
import uuid

import fixtures

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from glance.registry import uses
from tests.unit.registry import test_usage

KEEP = {'os_protect_while_used': 'true'}


class UsedTestCase(test_usage.UsageTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(group='usage', enabled=True)

    def use(self, image_id, number=1, **more):
        self.merge(self.say(number, image=image_id, **more))

    def told(self):
        """:returns: [(type, image, count, whether there is a last use)]

        of those about uses, in order; the outbox is emptied
        """
        with engine.writer() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
            conn.execute(own_schema.outbox.delete())
        found = [(row.event_type, json.loads(row.payload)) for row in rows]
        return [(kind, payload['id'], payload['os_usage_count'],
                 payload['os_last_used_at'] is not None)
                for kind, payload in found if kind in ('image.used',
                                                       'image.unused')]


class DeleteTest(UsedTestCase):

    def delete(self, image_id, unused=False):
        return self.images.delete(self.owner, image_id=image_id,
                                  unused=unused)

    def refused(self, image_id, unused=True):
        """:returns: what is said"""
        return str(self.assertRaises(exceptions.Conflict, self.delete,
                                     image_id, unused))

    def test_images_in_use_are_deleted_unless_it_is_said(self):
        image_id = self.create()['id']
        self.use(image_id)
        self.delete(image_id)
        self.assertIsNone(self.get(self.owner, image_id))

    def test_it_is_said_by_how_many_and_not_by_whom(self):
        image_id = self.create()['id']
        for number, project in enumerate(('owner', 'p2', 'p3', 'Owner', None)):
            self.use(image_id, number, project=project)
        text = self.refused(image_id)
        self.assertIn('by 1 of its own project and 4 of others', text)
        self.assertNotIn('p2', text)
        self.assertIsNotNone(self.get(self.owner, image_id))

    def test_nobody_owns_an_image_of_no_project(self):
        image_id = self.create(owner=None)['id']
        self.use(image_id, project=None)
        self.assertIn('by 0 of its own project and 1 of', self.refused(
            image_id))

    def test_an_image_that_keeps_itself_is_kept_from_all(self):
        image_id = self.create(properties=KEEP)['id']
        self.use(image_id)
        self.refused(image_id, unused=False)
        self.images.update(self.owner, image_id=image_id, changes={
            'set_properties': {'os_protect_while_used': 'false'}})
        self.delete(image_id)

    def test_what_is_not_used_any_more_goes(self):
        image_id = self.create(properties=KEEP)['id']
        self.use(image_id, ago=5000)
        self.use(image_id, is_gone=True)
        self.delete(image_id, unused=True)

    def test_what_others_use_is_no_matter(self):
        image_id = self.create(properties=KEEP)['id']
        self.use(str(uuid.uuid4()))
        self.delete(image_id, unused=True)

    def test_a_snapshot_of_a_shelved_server_goes(self):
        """Nova removes it before it tells that the server left it."""
        image_id = self.create(properties=KEEP)['id']
        self.use(image_id, kind='shelved')
        self.delete(image_id, unused=True)

    def test_all_others_keep_an_image(self):
        for kind in ('server', 'volume', 'snapshot', 'backup'):
            image_id = self.create()['id']
            self.use(image_id, kind=kind)
            self.refused(image_id)

    def test_an_id_in_large_letters_is_the_same(self):
        image_id = str(uuid.uuid4()).upper()
        self.create(id=image_id)
        self.use(image_id.lower())
        self.refused(image_id)

    def test_nothing_is_asked_without_the_option(self):
        image_id = self.create(properties=KEEP)['id']
        self.use(image_id)
        self.config.config(group='usage', enabled=False)
        self.delete(image_id, unused=True)

    def test_it_costs_one_statement_where_it_applies(self):
        counts = [self.cost(properties, unused)
                  for properties in ({'a': 'b'}, KEEP)
                  for unused in (False, True)]
        self.assertEqual([counts[0] + more for more in (0, 1, 1, 1)], counts)

    def cost(self, properties, unused):
        image_id = self.create(properties=properties)['id']
        with self.database.statements() as seen:
            self.delete(image_id, unused)
        return len(seen)


class EventsTest(UsedTestCase):

    def setUp(self):
        super().setUp()
        self.image = self.create(tags=['t'], properties={'a': 'b'})['id']
        # Whoever comes first makes the row that all others lock.
        self.use(str(uuid.uuid4()), 999)

    def test_the_first_and_the_last_use_are_told(self):
        self.use(self.image, 1, ago=5000)
        self.assertEqual([('image.used', self.image, 1, True)], self.told())
        self.use(self.image, 2)
        self.use(self.image, 1, is_gone=True)
        self.assertEqual([], self.told())
        self.use(self.image, 2, is_gone=True)
        self.assertEqual([('image.unused', self.image, 0, True)],
                         self.told())

    def test_what_was_told_already_is_not_told_again(self):
        said = self.say(image=self.image)
        self.merge(said, said)
        self.merge(said)
        self.assertEqual(1, len(self.told()))

    def test_a_call_sent_again_tells_once(self):
        self.admin.call_id = str(uuid.uuid4())
        self.admin.sent_ms, self.admin.valid_ms = test_usage.now(), 60000
        for _time in range(2):
            self.use(self.image)
        self.assertEqual(1, len(self.told()))

    def test_a_rebuild_tells_of_both(self):
        other = self.create()['id']
        self.use(self.image, ago=5000)
        self.told()
        self.use(other)
        self.assertEqual({('image.unused', self.image, 0, True),
                          ('image.used', other, 1, True)}, set(self.told()))

    def test_images_that_are_not_here_are_not_told_of(self):
        self.use(str(uuid.uuid4()))
        self.images.delete(self.owner, image_id=self.image)
        self.use(self.image)
        self.use(self.image, is_gone=True)
        self.assertEqual([], self.told())

    def test_folding_tells_nothing(self):
        self.use(self.image, is_gone=True)
        self.use(self.image, 2)
        self.told()
        with engine.writer() as conn:
            table = own_schema.image_uses
            conn.execute(table.update().where(table.c.until_ms.is_not(None)),
                         {'until_ms': 0})
        self.assertEqual(1, self.usage.fold(self.admin, limit=10))
        self.assertEqual([], self.told())

    def test_what_is_not_wanted_is_not_written(self):
        self.config.config(disabled_notifications=['image.used'])
        self.use(self.image, is_gone=False)
        self.use(self.image, is_gone=True)
        self.assertEqual(['image.unused'], [one[0] for one in self.told()])

    def test_without_the_option_nothing_is_told(self):
        self.config.config(group='usage', enabled=False)
        self.use(self.image)
        self.assertEqual([], self.told())

    def test_it_is_an_event_of_the_image(self):
        self.use(self.image)
        with engine.reader() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
        made, used = [json.loads(row.payload) for row in (rows[0], rows[-1])]
        self.assertEqual({'os_usage_count', 'os_last_used_at'},
                         used.keys() - made.keys())
        self.assertEqual(made, {key: used[key] for key in made})

    def test_many_images_cost_as_many_statements_as_one(self):
        images = [self.create()['id'] for _image in range(9)]
        one = self.cost([self.image], 100)
        self.assertEqual(one, self.cost(images, 200))
        self.assertEqual(10, len(self.told()))
        self.config.config(driver=[], group='oslo_messaging_notifications')
        more = [self.create()['id'] for _image in range(9)]
        # The lock, the images and their events.
        self.assertEqual(one - 3, self.cost(more, 300))

    def cost(self, images, first):
        with self.database.statements() as seen:
            self.merge(*(self.say(first + number, image=image)
                         for number, image in enumerate(images)))
        return len(seen)

    def test_large_images_are_read_one_after_the_other(self):
        images = [self.create(properties={'a': 'x' * 60000})['id']
                  for _image in range(3)]
        one = self.cost([self.image], 100)
        self.useFixture(fixtures.MonkeyPatch(
            uses.__name__ + '._MOST_BYTES', 1))
        self.assertEqual(one + 4, self.cost(images, 200))
        self.assertEqual({self.image, *images},
                         {told[1] for told in self.told()})
