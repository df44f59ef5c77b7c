"""Programs with one driver replace those with the other, under load."""

import threading
import time

from oslotest import base
import requests

from glance.common import concurrency
from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
from tests.fixtures.servers import workspace

PATIENCE = 120
IMAGE = {'disk_format': 'raw', 'container_format': 'bare'}


class UpgradeTestCase(base.BaseTestCase):
    """:ivar running: {name: program} of registries and APIs"""

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.bus = self.useFixture(rabbitmq.RabbitMQ()).url
        database.complete_file(self.work.join('db'))
        self.running, self.urls, self.failures = {}, {}, []
        self.served = 0
        self.over = threading.Event()

    def start(self, kind, driver, number):
        name = '%s-%s-%d' % (kind, driver, number)
        port = ports.free_port()
        url = 'http://127.0.0.1:%d' % port if kind == 'api' else None
        config = programs.write_config(self.work.join(name + '.conf'), {
            'DEFAULT': {'transport_url': self.bus, 'workers': 1,
                        'bind_host': '127.0.0.1', 'bind_port': port},
            'rpc': {'driver': driver}, 'registry': {'embed': 'false'},
            'conductor': {'embed': 'false'},
            'database': {'connection': 'sqlite:///' + self.work.join('db')}
            if kind == 'registry' else {},
            'glance_store': {
                'filesystem_store_datadir': self.work.join('images')},
            'paste_deploy': {'flavor': 'standalone'}})
        program = self.running[name] = self.useFixture(programs.start(
            'glance-' + kind, '--config-file', config, url=url,
            log=self.work.join(name + '.log')))
        if url:
            programs.wait_until_serving(url, {}, PATIENCE)
            self.urls[name] = url
        else:
            self.until(lambda: ' serves' in program.output(), program)
        return name

    def stop(self, name):
        if self.urls.pop(name, None):
            # Who asks there still has an answer first.
            time.sleep(0.5)
        self.running.pop(name).stop()

    def until(self, check, program):
        deadline = time.monotonic() + PATIENCE
        while not check():
            if time.monotonic() > deadline:
                self.fail(program.tail())
            time.sleep(0.05)

    def ask(self):
        """Create, change, show and delete images, until that is over."""
        while not self.over.is_set():
            for url in list(self.urls.values()):
                try:
                    self.use_image(url + '/v2/images')
                    self.served += 1
                except Exception as error:
                    self.failures.append(repr(error))

    def use_image(self, url):
        def did(response, status):
            if response.status_code != status:
                raise ValueError(response.text)
            return response
        image = did(requests.post(url, json=IMAGE, timeout=PATIENCE),
                    201).json()
        one = '%s/%s' % (url, image['id'])
        did(requests.get(one, timeout=PATIENCE), 200)
        did(requests.get(url, timeout=PATIENCE), 200)
        did(requests.delete(one, timeout=PATIENCE), 204)

    def until_more_is_served(self, program):
        wanted = self.served + 5
        self.until(lambda: self.served >= wanted or self.failures,
                   self.running[program])

    def roll(self, before, after):
        old = [self.start('registry', before, number) for number in (1, 2)]
        old.append(self.start('api', before, 1))
        task = concurrency.spawn(self.ask)
        try:
            self.until_more_is_served(old[-1])
            for name in old:
                new = self.start(name.split('-')[0], after, old.index(name))
                self.until_more_is_served(new)
                self.stop(name)
                self.until_more_is_served(new)
        finally:
            self.over.set()
            task.wait(PATIENCE)
        self.assertEqual([], self.failures)

    def test_from_stock_to_lean(self):
        self.roll('stock', 'lean')

    def test_back_from_lean_to_stock(self):
        self.roll('lean', 'stock')
