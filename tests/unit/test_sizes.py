"""Nothing grows past what a reader can hold, and borders have types."""

from oslotest import base

from tests import sizes

# Lists of their kind: a module for each section, a file for each revision.
_LISTS = ('glance/conf', 'glance/db/migrations/own/versions',
          'glance/db/migrations/upstream/versions')
# A revision tells of all tables of its time, one after the other.
_REVISIONS = ('versions',)


class TestSizes(base.BaseTestCase):

    def test_no_folder_has_more_than_16_modules(self):
        self.assertEqual({}, {
            folder: count for folder, count in sizes.folders().items()
            if count > 16 and folder not in _LISTS})

    def test_no_module_has_more_than_450_lines(self):
        self.assertEqual([], [
            str(path) for path in sizes.modules()
            if sizes.lines(path) > 450 and path.parent.name not in _REVISIONS])

    def test_no_function_has_more_than_60_lines(self):
        self.assertEqual([], [
            '%s: %s' % (path, name) for path in sizes.modules()
            if path.parent.name not in _REVISIONS
            for name, size in sizes.functions(path) if size > 60])

    def test_public_functions_at_borders_have_types(self):
        found = ['%s: %s' % (path, name) for path in sizes.typed_modules()
                 for name, is_typed in sizes.public_functions(path)
                 if not is_typed]
        self.assertEqual([], found)
