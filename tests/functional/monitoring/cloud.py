"""The real programs with metrics, on a broker and a database that may stop."""

import os

from prometheus_client import parser
import requests

from tests.fixtures import deployments
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import mariadb
from tests.functional.resilience import base


class Metrics:
    """What programs serve at `ports`, by their names."""

    def text(self, program):
        """:returns: the metrics of a program as they are served"""
        response = requests.get(
            'http://127.0.0.1:%d/metrics' % self.ports[program], timeout=30)
        response.raise_for_status()
        return response.text

    def metrics(self, program):
        """:returns: {(name, ((label, value), ...)): number}"""
        return {(sample.name, tuple(sorted(sample.labels.items()))):
                sample.value
                for family in parser.text_string_to_metric_families(
                    self.text(program)) for sample in family.samples}

    def total(self, program, name, **labels):
        """The sum of all samples of a name that have these labels."""
        return sum(value for (found, having), value
                   in self.metrics(program).items()
                   if found == name and labels.items() <= set(having))


class Standalone(Metrics, deployments.Standalone):
    """One process.

    :param folder: for its configuration file
    """

    def __init__(self, folder):
        self.ports = {'standalone': ports.free_port()}
        super().__init__('--config-file', programs.write_config(
            os.path.join(folder, 'metrics.conf'), {'metrics': {
                'listen': '127.0.0.1',
                'api_port': self.ports['standalone']}}))


class Cloud(Metrics, base.TrustedCallers):
    """Two API workers, a registry and a conductor."""

    registries = 1

    def __init__(self):
        names = ('api', 'registry', 'conductor')
        self.ports = dict(zip(names, ports.free_ports(len(names))))
        listening = {name + '_port': port
                     for name, port in self.ports.items()}
        super().__init__(private_bus=True, shared={
            'DEFAULT': {'debug': 'true'},
            'metrics': dict(listening, listen='127.0.0.1'),
            'work': {'poll_interval': '0.2'},
            'health': {'kept': '0.2'}})
        self._database = self._make_database

    def _make_database(self):
        self.database = mariadb.MariaDB(durable=True)
        return self.database
