"""An old database that this process is configured to use."""

import fixtures
from oslo_config import fixture as config_fixture

from glance.conf import CONF
from glance.db.connect import engine
from tests.native.upgrades import old_databases


class Configured(fixtures.Fixture):
    """This process uses the database at `url`."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def _setUp(self):
        self.useFixture(config_fixture.Config(CONF)).config(
            connection=self.url, group='database')
        engine.configure()
        self.addCleanup(engine.dispose)


class OldService(fixtures.Fixture):
    """One of the stored databases, in use."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def _setUp(self):
        old = self.useFixture(old_databases.OldDatabase(self.name))
        self.manifest, self.url = old.manifest, old.url
        self.useFixture(Configured(self.url))

    def faults(self, connection):
        """What the manifest wants and the database does not have."""
        found = list(old_databases.broken_facts(
            connection, [probe for probe in self.manifest['probes']
                         if not probe.get('informational')]).items())
        visibilities = old_databases.visibilities(connection)
        if visibilities != self.manifest['wanted']['visibility']:
            found.append(visibilities)
        return found
