"""Four images created at once on SQLite: the database was locked."""

import concurrent.futures

from tests.advisories import base

USERS = 8
EACH = 10


class TestManyWriters(base.TestCase):

    def test_all_succeed(self):
        def create(number):
            return self.service.call('POST', base.IMAGES, {
                'name': str(number), 'a': 'b', 'tags': ['t']}).status_int
        with concurrent.futures.ThreadPoolExecutor(USERS) as pool:
            statuses = list(pool.map(create, range(USERS * EACH)))
        self.assertEqual({201}, set(statuses))
        answer = self.service.call('GET', base.IMAGES + '?limit=1000')
        self.assertEqual(USERS * EACH, len(answer.json['images']))
