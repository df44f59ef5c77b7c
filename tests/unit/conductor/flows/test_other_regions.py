"""Imports of images of another region."""

from tests.unit.conductor import base


class TestOfAnotherRegion(base.WorkTestCase):

    def import_(self, record, **given):
        self.serve(record)
        self.work(**dict({
            'method': 'glance-download', 'uri': 'http://region/file',
            'record': 'http://region/record', 'headers': {'X': 'y'},
            'private': True, 'stores': ['fast']}, **given))

    def test_its_record_first(self):
        record = (b'{"status": "active", "disk_format": "raw", "size": %d,'
                  b'"container_format": "bare", "hw_a": "1", "x": "2",'
                  b'"trait:b": "3", "trait:c": 4, "os_hash_algo": "a"}')
        # What any URL gives is the data as well.
        self.import_(record % (len(record) + 1))
        values = (self.registry.imports.finish_store.call_args.args[6])
        self.assertEqual(
            [('http://region/record', {'X': 'y'}, True),
             ('http://region/file', {'X': 'y'}, True)], self.fetched)
        self.assertEqual(
            {'properties': {'hw_a': '1', 'trait:b': '3'},
             'disk_format': 'raw', 'container_format': 'bare'},
            {name: values[name] for name in (
                'properties', 'disk_format', 'container_format')})
        self.assertEqual(set(), self.unclosed)

    def test_records_that_do_not_do(self):
        for record, reason in (
                (b'{"status": "queued"}', 'not active'),
                (b'{"status": "active"}', 'formats'),
                (b'{"status": "active", "disk_format": "raw"}', 'formats'),
                (b'[]', 'could not be read'), (b'x', 'could not be read')):
            self.registry.tasks.reset_mock()
            self.import_(record)
            self.assertIn(reason, self.failure()[0])
            self.assertEqual(set(), self.unclosed)

    def test_records_are_read_up_to_a_mebibyte(self):
        record = (b'{"status": "active", "disk_format": "raw",'
                  b'"container_format": "bare", "x": "%s"}')
        for size, is_read in ((1 << 19, True), (1 << 20, False)):
            self.registry.tasks.reset_mock()
            self.import_(record % (b'x' * size))
            if is_read:
                self.result()
            else:
                self.assertIn('could not be read', self.failure()[0])

    def test_another_size_than_recorded(self):
        self.import_(b'{"status": "active", "disk_format": "raw",'
                     b'"container_format": "bare", "size": 3}')
        self.assertIn('announced', self.failure()[0])

    def test_a_problem_that_was_found_before(self):
        self.import_(b'', problem='no region')
        self.assertEqual('no region', self.failure()[0])
