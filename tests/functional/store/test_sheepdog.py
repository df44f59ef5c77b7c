"""The Sheepdog store, over a program that answers as `dog` does."""

import os
import subprocess
import sys
import time
import types
import uuid

import fixtures
from glance_store import exceptions as theirs
from glance_store import location
from oslo_config import fixture as config_fixture
from oslotest import base as test_base
from stevedore import driver as stevedore_driver

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.periodic import leftovers
from glance.conf import CONF
from glance.metrics import counters
from glance.store import backends
from glance.store.drivers.sheepdog import dog
from glance.store.drivers.sheepdog import sheepdog as driver
from glance.store import options
from glance.store.transfer import threads
from tests.fixtures import sheepdog
from tests.functional.store import conformance
from tests.unit.store import base

MIB = 1 << 20


_WRITER = '''
import sys
import tests
from glance.store.drivers.sheepdog import sheepdog
from tests.fixtures import sheepdog as fixture
from tests.functional.store import test_sheepdog

class Source:
    left = 2

    def next_buffer(self):
        self.left -= 1
        if self.left < 0:
            print('reading', flush=True)
            sys.stdin.read()
        return memoryview(b'x' * test_sheepdog.MIB)

store = sheepdog.Driver('dogs', test_sheepdog._values(fixture.Sheepdog))
store.write(sys.argv[1], 'a1', Source(), 5 * test_sheepdog.MIB)
'''


class _Run:
    """One run of the search, with a registry that knows some images.

    :param owners: {id: URLs of locations}
    """

    ctxt = None

    def __init__(self, store, owners):
        self.stores = backends.Stores([store], store.id)
        self._owners = owners
        self.registry = types.SimpleNamespace(deletions=self)

    def check(self):
        pass

    def owners(self, ctxt, ids):
        return {one: {'is_known': one in self._owners, 'is_image': True,
                      'is_busy': False, 'urls': self._owners.get(one, [])}
                for one in ids}


def _values(cluster, chunk=1):
    return types.SimpleNamespace(
        sheepdog_store_address=cluster.address,
        sheepdog_store_port=cluster.port, sheepdog_store_chunk_size=chunk)


def _is_there(pid):
    """Whether a process runs, or has ended and waits for us."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class TestCase(test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.cluster = self.useFixture(sheepdog.Sheepdog())
        self.store = driver.Driver('dogs', _values(self.cluster))
        self.image_id = str(uuid.uuid4())

    def dog(self, verb, *args, **kwargs):
        return self.cluster.run('vdi', verb, *args, **kwargs)

    def assert_gone(self, pid):
        deadline = time.monotonic() + 60
        while _is_there(pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)


class SheepdogTestCase(TestCase, conformance.WritableSuite):
    """What every store has to do."""

    def test_many_runs(self):
        """More than a run reads and writes, and more than is held."""
        data = os.urandom(4 * MIB + 5)
        for size in None, len(data):
            url = self.put(data, size=size)
            self.assertEqual(len(data), self.store.size(url))
            self.assert_same(data, self.get(url))
            self.assert_same(data[MIB - 3:][:MIB + 6],
                             self.get(url, MIB - 3, MIB + 6))

    def test_no_byte(self):
        for size in None, 0:
            url = self.put(b'', size=size)
            self.assertEqual((0, b''), (self.store.size(url), self.get(url)))

    def test_beyond_the_end(self):
        self.assertEqual(b'', self.get(self.put(b'data'), 5, 1))


class WriteTestCase(TestCase, conformance.Reading):

    def test_less_than_was_said(self):
        """The program would not mind, and nothing of it stays."""
        self.assertRaises(exceptions.UploadBroken, self.put,
                          b'x' * (MIB + 3), size=2 * MIB)
        self.assertEqual([], self.cluster.names())

    def test_failing_source_leaves_nothing(self):
        for count, size in ((0, 1), (MIB, 3 * MIB), (MIB + 1, 3 * MIB),
                            (0, None), (MIB + 1, None)):
            self.assertRaises(
                exceptions.UploadBroken, self.store.write, self.image_id,
                'a1', base.Source(b'x' * count, exceptions.UploadBroken()),
                size)
            self.assertEqual([], self.cluster.names())

    def test_same_attempt_twice(self):
        self.put(b'data', 'a1', self.image_id)
        self.assertRaises(exceptions.Duplicate, self.put, b'other', 'a1',
                          self.image_id)
        self.assertEqual(['%s-a1' % self.image_id], self.cluster.names())

    def test_discarded_while_it_writes(self):
        """A successor has taken over: the writer learns of it."""
        def data():
            yield b'x' * MIB
            self.store.discard(self.image_id, 'a1')

        class Source:
            pieces = data()

            def next_buffer(self):
                return memoryview(next(self.pieces, b''))
        for size in MIB, None:
            Source.pieces = data()
            self.assertRaises(
                (exceptions.LeaseLost, exceptions.StoreUnavailable,
                 exceptions.UploadBroken), self.store.write, self.image_id,
                'a1', Source(), size and size + 1)
            self.assertEqual([], self.cluster.names())

    def test_a_cluster_that_is_away_is_unavailable(self):
        url = self.put(b'data')
        self.cluster.stop()
        for call in (lambda: self.put(b'more'), lambda: self.store.size(url),
                     lambda: self.store.open(url), self.store.check,
                     lambda: self.store.delete(url),
                     lambda: list(self.store.list())):
            error = self.assertRaises(exceptions.StoreUnavailable, call)
            self.assertNotIn('127.0.0.1', str(error) + self.log.output)
        self.assertIn('Connection refused', self.log.output)
        self.cluster.start_again()
        self.store.check()
        self.assertEqual(b'data', self.get(url))

    def test_not_formatted(self):
        cluster = self.useFixture(sheepdog.Sheepdog(formatted=False))
        self.store = driver.Driver('dogs', _values(cluster))
        for call in self.store.check, lambda: self.put(b'data'):
            self.assertRaises(exceptions.StoreUnavailable, call)
        self.assertEqual([], cluster.names())

    def test_names_that_are_options(self):
        for name in '-a', '--help', '', '.', 'a b', 'a/b', 'a\n':
            self.assertRaises(exceptions.BadRequest, self.store.put, name,
                              base.Source(b'data'), 4)
        self.assertEqual([], self.cluster.names())

    def test_snapshots_are_no_data(self):
        url = self.put(b'data', 'a1', self.image_id)
        self.dog('snapshot', '-s', 'my tag', '%s-a1' % self.image_id)
        self.assertEqual(b'data', self.get(url))
        self.store.delete(url)
        self.assertRaises(exceptions.NotFound, self.store.open, url)
        self.assertRaises(exceptions.NotFound, self.store.size, url)
        self.assertEqual([], list(self.store.list()))
        self.store.delete(url)

    def test_deleted_while_it_is_read(self):
        url = self.put(os.urandom(3 * MIB))
        reader = self.store.open(url)
        chunks = iter(reader)
        next(chunks)
        self.store.delete(url)
        self.assertRaises(exceptions.StoreUnavailable, list, chunks)
        reader.close()

    def test_in_use(self):
        url = self.put(b'data')
        self.cluster.replace('echo "VDI is already locked" >&2; exit 1')
        error = self.assertRaises(exceptions.InUseByStore, self.store.delete,
                                  url)
        self.assertNotIn('VDI', str(error))

    def test_a_full_cluster_is_told_as_such(self):
        self.cluster.replace(
            'echo "Failed to create: Server has no space for new objects" >&2;'
            'exit 1')
        self.assertRaises(exceptions.StorageFull, self.put, b'data')


class LeftoversTestCase(TestCase, conformance.Reading):

    def test_only_data_of_images_is_listed(self):
        attempt = str(uuid.uuid4())
        url = self.put(b'data', attempt, self.image_id)
        self.dog('create', self.image_id, '10')
        for foreign in 'volume-' + self.image_id, 'x', self.image_id + '-a1':
            self.dog('create', foreign, '1')
        found = {one.url: one for one in self.store.list()}
        old = self.store.url(self.image_id)
        self.assertEqual({url, old}, set(found))
        self.assertEqual([(self.image_id, None, size) for size in (4, 10)],
                         [found[one][:2] + (found[one].size,)
                          for one in (url, old)])
        for one in found.values():
            self.assertLess(abs(one.changed - time.time()), 3600)
            self.store.drop(one._replace(version=('other', '1')))
            self.assertEqual(one.size, self.store.size(one.url))
            self.store.drop(one)
            self.store.drop(one)
        self.assertEqual(3, len(self.cluster.names()))

    def test_what_a_killed_writer_left(self):
        """Its attempt is known, or it is found by its name."""
        attempt = str(uuid.uuid4())
        name = '%s-%s' % (self.image_id, attempt)
        self.dog('create', name, '100')
        self.store.discard(self.image_id, 'a2')
        self.assertEqual([name], self.cluster.names())
        self.store.discard(self.image_id, attempt)
        self.store.discard(self.image_id, attempt)
        self.assertEqual([], self.cluster.names())

    def test_killed_writer(self):
        """kill -9 in the midst of its data; its program ends by itself."""
        writer = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-c', _WRITER, self.image_id],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(writer.communicate)
        self.addCleanup(writer.kill)
        self.assertEqual(b'reading\n', writer.stdout.readline())
        writer.kill()
        writer.wait()
        self.assertEqual([self.image_id + '-a1'], self.cluster.names())
        self.store.discard(self.image_id, 'a1')
        self.assertEqual([], self.cluster.names())

    def search(self, recorded):
        conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        conf.config(group='periodic', leftovers_grace=0)
        return leftovers.do(_Run(self.store, {self.image_id: [recorded]}))

    def test_what_has_no_location_goes(self):
        """What no location has goes; what one has stays."""
        owned, other = (self.put(b'data', str(uuid.uuid4()), image_id)
                        for image_id in (self.image_id, str(uuid.uuid4())))
        again = self.put(b'more', str(uuid.uuid4()), self.image_id)
        totals = self.search(owned)
        self.assertEqual((1, 1), (totals['remove'], totals['unknown']))
        self.assertRaises(exceptions.NotFound, self.store.size, again)
        for url in owned, other:
            self.assertEqual(b'data', self.get(url))

    def test_search_after_a_change_of_the_daemon(self):
        for text in 'sheepdog://10.0.0.5:7000:', 'sheepdog://':
            url = self.put(b'data', str(uuid.uuid4()), self.image_id)
            totals = self.search(text + self.store.place(url).name)
            self.assertEqual(0, totals['remove'])
            self.assertEqual(b'data', self.get(url))
            self.store.delete(url)

    def test_a_list_that_nobody_can_read(self):
        """Is no empty one: data would seem to be lost."""
        url = self.put(b'data')
        self.cluster.replace('echo "something else"')
        self.assertRaises(exceptions.StoreUnavailable, self.store.size, url)


class RunTestCase(TestCase, conformance.Reading):
    """Of the program itself, which comes to an end whatever happens."""

    def reader(self):
        reader = self.store.open(self.put(os.urandom(3 * MIB)))
        next(iter(reader))
        return reader, reader._run._pid

    def test_reader_leaves_early(self):
        reader, pid = self.reader()
        self.assertTrue(_is_there(pid))
        reader.close()
        self.assert_gone(pid)
        self.assertEqual([], list(reader))

    def test_reader_leaves_while_another_thread_waits(self):
        url = self.put(b'x' * MIB)
        pipe = os.path.join(self.cluster.path, 'pid')
        os.mkfifo(pipe)
        reader = self.store.open(url)
        self.cluster.replace('echo $$ > %s; exec sleep 1000' % pipe)
        outcome = []

        def read():
            try:
                outcome.append(list(reader))
            except exceptions.StoreUnavailable as error:
                outcome.append(error)
        job = threads.start(read)
        with open(pipe) as file:
            pid = int(file.read())
        self.assertTrue(_is_there(pid))
        reader.close()
        job.join()
        self.assertIsInstance(outcome[0], exceptions.StoreUnavailable)
        self.assert_gone(pid)
        self.assertNotIn('failed', self.log.output)

    def test_all_are_waited_for(self):
        pids, spawn = [], dog._spawn

        def noted(*args):
            found = spawn(*args)
            pids.append(found[0])
            return found
        self.patch(dog, '_spawn', noted)
        self.assertRaises(exceptions.NotFound, self.store.open,
                          self.store.url('none'))
        self.get(self.put(b'x' * MIB))
        self.assertRaises(exceptions.UploadBroken, self.put, b'x', size=2)
        self.assertLess(10, len(pids))
        for pid in pids:
            self.assert_gone(pid)

    def test_stands_still(self):
        self.useFixture(fixtures.MockPatchObject(dog, 'PATIENCE', 0.2))
        url = self.store.url(self.image_id)
        self.cluster.replace('exec sleep 1000')
        for call in (lambda: self.put(b'data'), lambda: self.store.size(url),
                     lambda: self.store.delete(url)):
            self.assertRaises(exceptions.StoreUnavailable, call)
        self.assertIn('stands still', self.log.output)

    def test_takes_no_data(self):
        for script in 'exec sleep 1000', 'exit 1', (
                'echo one >&2; echo secret >&2; exit 2'):
            self.check_write(script)
        self.assertIn('ended with 2: one', self.log.output)
        self.assertNotIn('secret', self.log.output)

    def check_write(self, script):
        """Only the run that takes the data is another one."""
        self.useFixture(fixtures.MockPatchObject(dog, 'PATIENCE', 3))
        self.cluster.replace(
            'case $2 in write) %s;; esac; %s' % (
                script, self.cluster.original()))
        self.assertRaises(exceptions.StoreUnavailable, self.put,
                          b'x' * (4 * MIB), size=4 * MIB)
        self.assertEqual([], self.cluster.names())

    def test_complains_without_end(self):
        """It is heard, or it would stand still."""
        self.cluster.replace(
            'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo '
            '"a line of complaints, longer than what pipes hold" >&2; done; '
            'exit 1')
        self.assertRaises(exceptions.StoreUnavailable, self.put, b'data')
        self.assertIn('ended with 1: a line of', self.log.output)
        self.assertEqual(2, len(self.log.output.splitlines()))

    def test_the_program_goes_away(self):
        url = self.put(b'data')
        os.unlink(self.cluster.program)
        counter = counters.STORE_ERRORS.labels('dogs', 'open')
        before = counter._value.get()
        self.assertRaises(exceptions.StoreUnavailable, self.store.open, url)
        self.assertEqual(1, counter._value.get() - before)

    def test_what_it_gets(self):
        """No shell, and nothing of ours but where programs are."""
        self.useFixture(fixtures.EnvironmentVariable('OS_PASSWORD', 'secret'))
        seen = os.path.join(self.cluster.path, 'seen')
        self.cluster.replace('for one in "$@"; do echo "$one"; done > %s; '
                             'env >> %s; exit 1' % (seen, seen))
        self.assertRaises(exceptions.StoreUnavailable, self.store.size,
                          self.store.url('a~b'))
        with open(seen) as file:
            lines = file.read().splitlines()
        self.assertEqual(['vdi', 'list', '-a', '127.0.0.1', '-p', '7000',
                          '-r', 'a~b'], lines[:8])
        self.assertLessEqual(
            {line.partition('=')[0] for line in lines[8:]},
            {'PATH', 'LC_ALL', 'PWD', 'SHLVL', '_', 'OLDPWD'})

    def test_many_at_once(self):
        data = os.urandom(3 * MIB)
        url = self.put(data)

        def read():
            return concurrency.run_blocking(self.get, url) == data
        tasks = [concurrency.spawn(read) for _time in range(8)]
        self.assertEqual([True] * 8, [task.wait(60) for task in tasks])


class LoadedByGlanceStoreTestCase(TestCase):
    """As programs have it that know of glance_store only."""

    def setUp(self):
        super().setUp()
        config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        config.config(enabled_backends={'flock': 'sheepdog'})
        CONF.register_opts(options.common(), group='flock')
        self.store = self.load()
        self.store.configure(re_raise_bsc=True)
        location.register_scheme_backend_map({'sheepdog': {'flock': {
            'store': self.store, 'store_entry': 'sheepdog',
            'location_class': self.store.get_store_location_class()}}})

    @staticmethod
    def load():
        return stevedore_driver.DriverManager(
            'glance_store.drivers', 'sheepdog', invoke_on_load=True,
            invoke_args=(CONF, 'flock')).driver

    def at(self, url):
        return location.get_location_from_uri_and_backend(url, 'flock')

    def test_life_of_an_image(self):
        data = os.urandom(2 * MIB + 3)
        for size in 0, len(data):
            image_id = str(uuid.uuid4())
            url, stored, checksum, _hash, metadata = self.store.add(
                image_id, base.Source(data), size, 'sha256')
            self.assertEqual(
                ('sheepdog://127.0.0.1:7000:' + image_id, len(data),
                 {'store': 'flock'}), (url, stored, metadata))
            self.assertEqual(32, len(checksum))
            where = self.at(url)
            chunks, length = self.store.get(where)
            self.assertEqual((data, len(data)), (b''.join(chunks), length))
            chunks, length = self.store.get(where, offset=5, chunk_size=7)
            self.assertEqual((data[5:12], 7), (b''.join(chunks), length))
            self.assertEqual(len(data), self.store.get_size(where))
            self.assertRaises(theirs.Duplicate, self.store.add, image_id,
                              base.Source(data), size, 'sha256')
            self.store.delete(where)
            for method in (self.store.get, self.store.get_size,
                           self.store.delete):
                self.assertRaises(theirs.NotFound, method, where)

    def test_other_urls(self):
        self.assertRaises(theirs.BadStoreUri, self.store.get,
                          self.at('sheepdog://other:7000:x'))
        self.cluster.stop()
        self.assertRaises(theirs.BackendException, self.store.get,
                          self.at('sheepdog://x'))

    def test_without_the_program(self):
        self.useFixture(fixtures.EnvironmentVariable('PATH', '/nowhere'))
        error = self.assertRaises(theirs.BadStoreConfiguration,
                                  self.load().configure, re_raise_bsc=True)
        self.assertIn('program dog', str(error))
