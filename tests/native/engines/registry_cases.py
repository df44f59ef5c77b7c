"""The registry's tests that run again on each server that people run."""

from tests.fixtures import database
from tests.unit.cmd import test_manage_metadefs
from tests.unit.registry import test_bad_rows
from tests.unit.registry import test_bytes
from tests.unit.registry import test_cache
from tests.unit.registry import test_few_and_many
from tests.unit.registry import test_fitting
from tests.unit.registry import test_hosts
from tests.unit.registry import test_image_list
from tests.unit.registry import test_images
from tests.unit.registry import test_imports
from tests.unit.registry import test_locations
from tests.unit.registry import test_lost_commit
from tests.unit.registry import test_metadefs
from tests.unit.registry import test_names
from tests.unit.registry import test_quotas
from tests.unit.registry import test_unused
from tests.unit.registry import test_usage
from tests.unit.registry import test_usage_lists
from tests.unit.registry import test_uses

CASES = (test_manage_metadefs.TestActions, test_metadefs.MetadefsTest,
         test_bad_rows.BadRowsTest,
         test_names.NamesTest, test_names.MetadefNamesTest,
         test_images.CreateAndReadTest, test_images.PurgedTest,
         test_images.UpdateTest, test_images.TagTest, test_images.LifeTest,
         test_images.UploadTest,
         test_cache.CacheTest, test_locations.LocationUpdateTest,
         test_locations.LocationDeleteTest, test_locations.LocationHashTest,
         test_locations.LocationUseTest,
         test_hosts.HostsTest, test_lost_commit.LostCommitTest,
         test_image_list.VisibilityTest, test_image_list.FilterTest,
         test_image_list.PageTest, test_image_list.BytesTest,
         test_bytes.TaskBytesTest, test_bytes.NamespaceBytesTest,
         test_fitting.FittingTest,
         test_quotas.UsageTest,
         test_quotas.ConcurrencyTest, test_imports.TestBegin,
         test_imports.TestOldLocks, test_imports.TestStores,
         test_imports.TestTasks, test_imports.TestStaged,
         test_usage.MergeTest, test_usage.WeighTest, test_usage.GoingOnTest,
         test_usage.ListTest, test_usage.FoldTest,
         test_usage_lists.UsageListsTest, test_few_and_many.FewAndManyTest,
         test_few_and_many.WithSumsTest, test_unused.UnusedTest,
         test_unused.CapitalsTest, test_unused.GaugesTest,
         test_uses.DeleteTest,
         test_uses.EventsTest)


class OnServer:
    server = None

    def make_database(self):
        server = self.useFixture(self.server())
        return database.Database(database.shared(server))
