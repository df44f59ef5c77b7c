"""Every command of the clients for metadata definitions."""

import pathlib

from oslotest import base
import requests
from testtools import matchers

from tests.fixtures import clients
from tests.fixtures import deployments
from tests.functional.clients import metadef_commands

_SHIPPED = str(pathlib.Path(__file__).parents[3] / 'etc' / 'metadefs')


class TestCommands(base.BaseTestCase):

    def run_all(self, commands, run):
        for command, expected in commands:
            words = [word.replace('SHIPPED', _SHIPPED)
                     for word in metadef_commands.words(command)]
            self.expectThat(str(run(words)), matchers.Contains(expected),
                            ' '.join(words))

    def test_openstack(self):
        deployment = self.useFixture(deployments.Standalone())
        # This client cannot make an object that has properties.
        made = requests.post(
            deployment.url + '/v2/metadefs/namespaces', timeout=60,
            json=metadef_commands.WITH_AN_OBJECT)
        self.assertEqual(201, made.status_code, made.text)
        self.run_all(metadef_commands.OPENSTACK, lambda words: (
            deployment.clients().run('openstack', 'image', 'metadef',
                                     *words)))

    def test_glance(self):
        deployment = self.useFixture(deployments.Standalone())
        self.run_all(metadef_commands.GLANCE, lambda words: (
            deployment.clients().glance('md-' + words[0], *words[1:])))

    def test_every_openstack_command_is_run(self):
        known = _listed('image metadef ', 'openstack', 'help', 'image',
                        'metadef')
        self.assertEqual(known, _run(known, metadef_commands.OPENSTACK))
        self.assertGreater(len(known), 20)

    def test_every_glance_command_is_run(self):
        known = _listed('md-', 'glance', 'help')
        self.assertEqual(known, _run(known, metadef_commands.GLANCE))
        self.assertGreater(len(known), 25)


def _listed(prefix, *command):
    """What follows the prefix in the commands that a program lists."""
    lines = [line.strip() for line
             in clients.Clients({}).run(*command).splitlines()]
    return {line.removeprefix(prefix).split('  ')[0].strip()
            for line in lines if line.startswith(prefix)}


def _run(known, commands):
    texts = [' '.join(metadef_commands.words(command)) + ' '
             for command, _expected in commands]
    return {name for name in known
            if any(text.startswith(name + ' ') for text in texts)}
