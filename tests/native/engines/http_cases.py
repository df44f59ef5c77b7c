"""Tests of requests that run again on each server that people run."""

from tests.fixtures import database
from tests.functional.http import test_bad_input
from tests.functional.http import test_images
from tests.functional.http import test_metadef_stories
from tests.functional.http import test_metadefs
from tests.functional.http import test_statuses

CASES = (test_bad_input.TestBadInput, test_images.TestLife,
         test_images.TestList, test_images.TestSharing,
         test_statuses.TestStatuses, test_metadefs.TestOperations,
         test_metadef_stories.TestLists, test_metadef_stories.TestStories)


class OnServer:
    server = None

    def make_database(self):
        return database.shared(self.useFixture(self.server()))
