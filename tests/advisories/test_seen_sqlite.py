"""Four images created at once on SQLite: the database was locked."""

import concurrent.futures
import os

import fixtures
import requests
import testtools

from tests.advisories import base
from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import programs

USERS = 8
EACH = 10
IMAGE = {'name': 'cat', 'a': 'b', 'tags': ['t']}


def many(create):
    """The results of concurrent calls."""
    with concurrent.futures.ThreadPoolExecutor(USERS) as pool:
        return list(pool.map(create, range(USERS * EACH)))


class TestOneProcess(base.TestCase):

    def test_all_succeed(self):
        statuses = many(lambda number: self.service.call(
            'POST', base.IMAGES, IMAGE).status_int)
        self.assertEqual({201}, set(statuses))
        answer = self.service.call('GET', base.IMAGES + '?limit=1000')
        self.assertEqual(USERS * EACH, len(answer.json['images']))


class TestFourProcesses(testtools.TestCase):

    def setUp(self):
        super().setUp()
        state = self.useFixture(fixtures.TempDir()).path
        port = ports.free_port()
        config = programs.write_config(os.path.join(state, 'api.conf'), {
            'DEFAULT': {'bind_host': '127.0.0.1', 'bind_port': port,
                        'workers': 4},
            'database': {'connection': 'sqlite:///%s/db' % state},
            'glance_store': {
                'filesystem_store_datadir': os.path.join(state, 'images')}})
        database.complete_file(os.path.join(state, 'db'))
        url = 'http://127.0.0.1:%d' % port
        self.useFixture(programs.start(
            'glance-api', '--config-file', config, url=url,
            log=os.path.join(state, 'log')))
        self.images = url + base.IMAGES

    def test_all_succeed(self):
        statuses = many(lambda number: requests.post(
            self.images, json=IMAGE, timeout=60).status_code)
        self.assertEqual({201}, set(statuses))
        answer = requests.get(self.images + '?limit=1000', timeout=60)
        self.assertEqual(USERS * EACH, len(answer.json()['images']))
