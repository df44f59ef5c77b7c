"""Bad input, lists and statuses again, on the servers that people run."""

from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql
from tests.functional.http import test_bad_input
from tests.functional.http import test_images
from tests.functional.http import test_metadef_stories
from tests.functional.http import test_metadefs
from tests.functional.http import test_statuses

CASES = (test_bad_input.TestBadInput, test_images.TestLife,
         test_images.TestList, test_images.TestSharing,
         test_statuses.TestStatuses, test_metadefs.TestOperations,
         test_metadef_stories.TestLists, test_metadef_stories.TestStories)


class _OnServer:
    server = None

    def make_database(self):
        return database.shared(self.useFixture(self.server()))


def _cases():
    for server in (mariadb.MariaDB, postgresql.PostgreSQL):
        for case in CASES:
            name = server.__name__ + case.__name__
            yield name, type(name, (_OnServer, case),
                             {'server': server, '__module__': __name__})


globals().update(_cases())
