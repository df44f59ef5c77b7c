"""The statements behind periodic work, on the servers that people run."""

from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.unit.registry import test_audits
from tests.unit.registry import test_deletions
from tests.unit.registry import test_duties

# Together they send each kind of statement.
CASES = {
    test_audits.HealTest: test_audits.HealTest
    .test_healed_data_keeps_its_location,
    test_audits.DueTest: test_audits.DueTest.test_oldest_first,
    test_deletions.RestoreTest: test_deletions.RestoreTest
    .test_a_restored_image_is_as_it_was,
    test_deletions.DueTest: test_deletions.DueTest
    .test_a_shorter_time_counts,
    test_duties.DutiesTest: test_duties.DutiesTest.test_the_dead_lose_it}


class _OnServer:
    server = None

    def make_database(self):
        server = self.useFixture(self.server())
        return database.Database(database.shared(server))


def _cases():
    for server in (mariadb.MariaDB, postgresql.PostgreSQL):
        for case, wanted in CASES.items():
            # What is not callable is no test.
            others = {name: None for name in dir(case)
                      if name.startswith('test_')
                      and name != wanted.__name__}
            name = '%s%s%s' % (server.__name__, case.__module__[-9:],
                               case.__name__)
            yield name, type(name, (_OnServer, case), dict(
                others, server=server, __module__=__name__))


globals().update(_cases())
