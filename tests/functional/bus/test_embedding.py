"""The API with a bus to which nobody else listens."""

import os

from tests.fixtures import ports
from tests.fixtures import programs
from tests.functional.resilience import base

DATA = os.urandom(1 << 16)


class Alone(base.TrustedCallers):
    """The one program that a deployment tool starts."""

    registries = 0
    embed = {'embed_after': '0.5'}

    def _start(self):
        if self._uwsgi:
            self.api_program = self.useFixture(programs.uwsgi(
                self.api_config, self.url, self.work.join('api.log')))
        else:
            self.api_program = self._program('glance-api', self.api_config,
                                             url=self.url)

    def log(self):
        with open(self.work.join('api.log' if self._uwsgi
                                 else 'glance-api-0.log')) as file:
            return file.read()

    def start_registry(self):
        return self._program('glance-registry', self.registry_config)


class AlwaysAlone(Alone):
    embed = {'embed': 'True'}

    def start_other(self):
        """:returns: the URL of an API that runs nothing itself"""
        port = ports.free_port()
        config = self._write('other.conf', {
            'DEFAULT': {'transport_url': self.bus.url,
                        'bind_host': '127.0.0.1', 'bind_port': port},
            'glance_store': {
                'stores': 'file', 'default_store': 'file',
                'filesystem_store_datadir': self.work.join('images')}},
            self._shared)
        url = 'http://127.0.0.1:%d' % port
        self._program('glance-api', config, number=1, url=url)
        programs.wait_until_serving(url, base.HEADERS)
        return url


class Complete(base.TrustedCallers):
    """All programs, and an API that would help out."""

    embed = {'embed_after': '60'}


class WithoutDatabase(Alone):
    """Its file says nothing of a database, as it need not."""

    def _write(self, name, *parts):
        if name == 'glance-api.conf':
            parts = [{group: options for group, options in part.items()
                      if group != 'database'} for part in parts]
        return super()._write(name, *parts)

    def _wait_until_serving(self):
        """It does not."""


class EmbeddingTest(base.TestCase):

    def tell_story(self, url):
        """An image is staged, imported, read and deleted."""
        caller = base.Caller(url)
        image_id = caller.create(name='alone')
        self.assertEqual(204, caller.request(
            'PUT', '/%s/stage' % image_id, data=DATA,
            headers=base.DATA_TYPE).status_code)
        imported = caller.request('POST', '/%s/import' % image_id, json={
            'method': {'name': 'glance-direct'}})
        self.assertEqual(202, imported.status_code, imported.text)
        self.wait_until(
            lambda: caller.show(image_id)['status'] == 'active',
            base.PATIENCE, 'the import')
        self.assertEqual(DATA, caller.request(
            'GET', '/%s/file' % image_id).content)
        self.assertEqual(204, caller.request(
            'DELETE', '/' + image_id).status_code)

    def images(self, cloud):
        return os.listdir(cloud.work.join('images'))

    def test_what_nobody_else_runs(self):
        """Also with a registry that comes later."""
        cloud = self.useFixture(Alone())
        self.tell_story(cloud.url)
        for service in 'registry', 'conductor':
            self.assertIn('No %s is heard on the bus' % service, cloud.log())
        cloud.start_registry()
        for _ in range(3):
            self.tell_story(cloud.url)
        self.wait_until(lambda: not self.images(cloud), base.PATIENCE,
                        'the removal of the data')

    def test_under_uwsgi(self):
        cloud = self.useFixture(Alone(uwsgi=True))
        self.tell_story(cloud.url)

    def test_what_is_heard_is_not_run_twice(self):
        cloud = self.useFixture(Complete())
        self.tell_story(cloud.url)
        with open(cloud.work.join('glance-api-0.log')) as file:
            said = [line for line in file if 'is heard on the bus' in line]
        self.assertEqual([], said)

    def test_without_a_database(self):
        cloud = self.useFixture(WithoutDatabase())
        self.assertEqual(503, base.Caller(cloud.url).request(
            'GET').status_code)

    def test_its_own_calls_need_no_broker(self):
        """Others are answered over it."""
        cloud = self.useFixture(AlwaysAlone(private_bus=True))
        self.tell_story(cloud.start_other())
        cloud.bus.stop()
        self.tell_story(cloud.url)
