"""Whether an image is there is asked in one place, under its row lock."""

import ast
import pathlib

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.images import image_writes
from glance import registry
from tests.unit.registry import base


class LiveImagesTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.live = self.create()['id']
        self.deleted = self.create()['id']
        self.images.delete(self.owner, image_id=self.deleted)

    def test_what_is_there(self):
        with engine.writer() as conn:
            for lock in (image_writes.lock, image_writes.lock_if_live,
                         image_writes.lock_live):
                self.assertEqual('queued', lock(conn, self.live).status)

    def test_what_is_deleted_has_a_row_still(self):
        with engine.writer() as conn:
            self.assertTrue(image_writes.lock(conn, self.deleted).deleted)
            self.assertIsNone(image_writes.lock(conn, 'absent'))

    def test_a_deleted_image_is_as_good_as_none(self):
        with engine.writer() as conn:
            for image_id in self.deleted, 'absent':
                self.assertIsNone(image_writes.lock_if_live(conn, image_id))
                self.assertIn(image_id, self.assertRaises(
                    exceptions.ImageNotFound, image_writes.lock_live, conn,
                    image_id).message)

    def test_the_caller_may_say_what_is_raised(self):
        gone = exceptions.Gone('It is gone.')
        with engine.writer() as conn:
            self.assertIs(gone, self.assertRaises(
                exceptions.Gone, image_writes.lock_live, conn, self.deleted,
                lambda: gone))


class OnePlaceTest(base.base.BaseTestCase):

    def test_nothing_in_the_registry_looks_whether_a_row_is_deleted(self):
        found = [
            '%s:%d' % (path, node.lineno)
            for path in pathlib.Path(registry.__file__).parent.rglob('*.py')
            for node in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
            if isinstance(node, ast.Attribute) and node.attr == 'deleted']
        self.assertEqual([], found)
