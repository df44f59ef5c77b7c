"""The calls that manage a cache, new and old, and what looks after it."""

import json
import logging
import os
import time
from unittest import mock

import fixtures

from glance.api import services
from glance.cache import fetch_thread
from glance.cache import image_cache
from glance.cache import maintenance
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import outbox
from glance.db import schema
from glance.store.transfer import image_data
from tests.functional.cache import base

DATA = base.DATA
CACHE = '/v2/cache'


class TestList(base.TestCase):

    def entry(self):
        entry, = self.admin(200, 'GET', CACHE).json['cached_images']
        return entry

    def test_a_cached_image_is_shown_with_its_facts(self):
        self.assertEqual({'cached_images': [], 'queued_images': []},
                         self.admin(200, 'GET', CACHE).json)
        before = time.time()
        self.cached()
        entry = self.entry()
        self.assertEqual(
            {'id', 'image_id', 'size', 'hits', 'checksum', 'last_accessed',
             'last_modified'}, set(entry))
        self.assertEqual((self.image_id, len(DATA), 0), (
            entry['image_id'], entry['size'], entry['hits']))
        self.assertEqual(32, len(entry['checksum']))
        self.assertTrue(before - 1 < entry['last_modified'] < time.time() + 1)

    def test_each_download_counts_as_a_hit(self):
        self.cached()
        first = self.entry()
        for _number in range(3):
            self.get()
        self.get(headers={'Range': 'bytes=0-9'})
        self.eventually(4, lambda: self.entry()['hits'])
        second = self.entry()
        self.assertGreater(second['last_accessed'], first['last_accessed'])
        self.assertEqual(first['last_modified'], second['last_modified'])

    def test_older_drivers(self):
        self.service.conf.config(image_cache_driver='sqlite')
        self.cached()
        self.assertEqual(
            {'image_id', 'size', 'hits', 'last_accessed', 'last_modified'},
            set(self.entry()))
        self.admin(409, 'GET', CACHE + '/nodes/' + self.image_id)

    def test_the_nodes_that_hold_an_image_are_named(self):
        path = CACHE + '/nodes/' + self.image_id
        self.assertEqual([], self.admin(200, 'GET', path).json)
        self.cached()
        services.registry().cache.add(
            context.internal(), 'http://another:9292', self.image_id, 1,
            None, time.time())
        self.assertEqual(['http://another:9292', self.cache.node],
                         self.admin(200, 'GET', path).json)
        # Each host lists its own.
        self.assertEqual([self.image_id], self.listed())
        self.admin(404, 'GET', CACHE + '/nodes/' + 'f' * 36)

    def test_every_call_is_refused_to_users(self):
        for verb, path in (('GET', ''), ('DELETE', ''),
                           ('PUT', '/' + self.image_id),
                           ('DELETE', '/' + self.image_id),
                           ('POST', '/clean'), ('POST', '/prune'),
                           ('GET', '/nodes/' + self.image_id)):
            answer = self.service.call(verb, CACHE + path)
            self.assertEqual(403, answer.status_int, (verb, path))
        for verb, path in (('GET', 'cached_images'),
                           ('DELETE', 'cached_images'),
                           ('DELETE', 'cached_images/x'),
                           ('GET', 'queued_images'),
                           ('DELETE', 'queued_images'),
                           ('PUT', 'queued_images/x'),
                           ('DELETE', 'queued_images/x')):
            answer = self.service.call(verb, '/v2/' + path)
            self.assertEqual(403, answer.status_int, (verb, path))

    def test_a_body_is_refused(self):
        for path in ('', '/nodes/' + self.image_id):
            self.admin(400, 'GET', CACHE + path, body={})

    def test_a_405_names_the_allowed_verbs(self):
        for path, allowed in (('', {'GET', 'DELETE'}),
                              ('/clean', {'POST'}), ('/prune', {'POST'}),
                              ('/' + self.image_id, {'PUT', 'DELETE'})):
            answer = self.admin(405, 'PATCH', CACHE + path)
            self.assertEqual(allowed,
                             set(answer.headers['Allow'].split(', ')))


class TestQueue(base.TestCase):

    def test_fetched_soon(self):
        answer = self.admin(202, 'PUT', CACHE + '/' + self.image_id)
        self.assertEqual(b'', answer.body)
        self.eventually([self.image_id], self.listed)
        self.assertEqual([], self.queued())
        self.download()
        self.assertEqual([0], self.gate.opened)

    def queued(self):
        return self.admin(200, 'GET', CACHE).json['queued_images']

    def test_what_has_no_data_is_refused(self):
        queued = self.service.create()['id']
        self.admin(400, 'PUT', CACHE + '/' + queued)
        self.admin(404, 'PUT', CACHE + '/' + 'f' * 36)

    def test_in_order(self):
        self.gate.allowed = 0
        others = [self.new() for _number in range(2)]
        for image_id in [self.image_id] + others:
            self.admin(202, 'PUT', CACHE + '/' + image_id)
        self.admin(202, 'PUT', CACHE + '/' + others[0])
        self.eventually([self.image_id] + others, self.queued)
        self.admin(204, 'DELETE', CACHE + '/' + others[1])
        self.gate.allowed = len(DATA)
        self.eventually([], self.queued)
        self.assertEqual({self.image_id, others[0]}, set(self.listed()))

    def test_given_up(self):
        os.unlink(os.path.join(self.service.state, 'fast', self.image_id))
        self.cache.queue(self.image_id)
        given_up = []
        stores = services.stores()
        for answer in (False, True):
            failed = maintenance.prefetch(
                self.cache, stores,
                lambda image_id: given_up.append(image_id) or answer)
            self.assertEqual([self.image_id], failed)
        self.assertEqual([self.image_id] * 2, given_up)
        self.assertEqual([], self.queued())

    def test_others_are_fetched_at_the_moment(self):
        """That is no failure of the image."""
        fills = image_cache._FILLS
        self.patch(image_cache, '_FILLS', mock.Mock(
            acquire=lambda blocking: False))
        self.cache.queue(self.image_id)
        given_up = []
        failed = maintenance.prefetch(self.cache, services.stores(),
                                      given_up.append)
        self.assertEqual([self.image_id], failed)
        self.assertEqual([], given_up)
        self.assertEqual([self.image_id], self.queued())
        self.patch(image_cache, '_FILLS', fills)
        self.assertEqual([], maintenance.prefetch(self.cache,
                                                  services.stores()))

    def test_unqueued_while_another_is_fetched(self):
        other = self.new()
        self.cache.queue(self.image_id)
        self.cache.queue(other)
        list_image = self.cache.list_image

        def list_and_unqueue(image):
            list_image(image)
            self.cache.unqueue([other])
        self.patch(self.cache, 'list_image', list_and_unqueue)
        maintenance.prefetch(self.cache, services.stores())
        self.assertEqual([self.image_id], self.files())

    def test_too_large(self):
        self.cache.queue(self.image_id)
        self.cache.max_size = 1
        maintenance.prefetch(self.cache, services.stores(),
                             lambda image_id: True)
        self.assertEqual([], self.queued())

    def test_deleted_meanwhile(self):
        self.cache.queue(self.image_id)
        self.service.call('DELETE', '/v2/images/' + self.image_id)
        self.assertEqual([], maintenance.prefetch(self.cache,
                                                  services.stores()))
        self.assertEqual([], self.queued())

    def test_deleted_while_it_is_fetched(self):
        """Whatever the store says to that is no failure."""
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))

        def delete(*args, **kwargs):
            self.service.call('DELETE', '/v2/images/' + self.image_id)
            raise error
        given_up = []
        for error in (exceptions.NotFound(), exceptions.StoreUnavailable()):
            self.cache.queue(self.image_id)
            self.patch(image_data, 'open_', delete)
            self.assertEqual([], maintenance.prefetch(
                self.cache, services.stores(), given_up.append))
            self.assertEqual(([], []), (given_up, self.queued()))
            self.image_id = self.new()
        self.assertEqual('', log.output)

    def test_deleted_while_it_is_read(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        copy = fetch_thread._copy

        def delete(fd, image, reader):
            deleted = concurrency.Handover()
            concurrency.call_in_hub(lambda: deleted.give(self.service.call(
                'DELETE', '/v2/images/' + self.image_id).status_int))
            self.assertEqual(204, deleted.wait(60))
            raise exceptions.StoreUnavailable()
        self.patch(fetch_thread, '_copy', delete)
        self.cache.queue(self.image_id)
        given_up = []
        maintenance.prefetch(self.cache, services.stores(), given_up.append)
        self.patch(fetch_thread, '_copy', copy)
        self.assertEqual(([], []), (given_up, self.queued()))
        self.assertEqual('', log.output)


class TestDelete(base.TestCase):

    def test_an_image_goes_and_others_are_404(self):
        self.cached()
        self.admin(204, 'DELETE', CACHE + '/' + self.image_id)
        self.assertEqual(([], []), (self.files(), self.listed()))
        # The image is there, so there is nothing wrong with asking again.
        self.admin(204, 'DELETE', CACHE + '/' + self.image_id)
        self.admin(404, 'DELETE', CACHE + '/' + 'f' * 36)
        self.admin(404, 'DELETE', CACHE + '/..%2f..%2fetc')

    def test_what_is_left_of_an_image(self):
        with open(os.path.join(self.folder, 'f' * 36), 'wb'):
            pass
        self.admin(204, 'DELETE', CACHE + '/' + 'f' * 36)
        self.assertEqual([], self.files())

    def fill(self):
        self.cached()
        self.gate.allowed = 0
        other = self.new()
        self.cache.queue(other)
        return other

    def counts(self):
        found = self.admin(200, 'GET', CACHE).json
        return len(found['cached_images']), len(found['queued_images'])

    def test_each_target_clears_what_it_names(self):
        for target, left in (('cache', (0, 1)), ('queue', (0, 0)),
                             ('', (0, 0)), (None, (0, 0))):
            if target != 'queue':
                self.fill()
            headers = {} if target is None else {
                'x-image-cache-clear-target': target}
            self.admin(204, 'DELETE', CACHE, headers=headers)
            self.assertEqual(left, self.counts(), target)
            self.gate.allowed = len(DATA)
        self.assertEqual([], self.files())
        self.admin(400, 'DELETE', CACHE,
                   headers={'x-image-cache-clear-target': 'all'})


class TestPrune(base.TestCase):

    def hits(self):
        found = self.admin(200, 'GET', CACHE).json['cached_images']
        return {entry['image_id']: entry['hits'] for entry in found}

    def test_hits_wait_for_the_registry(self):
        self.cached()
        # Else the maintainer tells of it at once.
        self.cache.on_hit = None
        self.download()
        self.eventually(1, lambda: len(self.cache._hits))
        with mock.patch.object(self.cache.registry.cache, 'hit',
                               side_effect=exceptions.RegistryUnavailable()):
            self.assertRaises(exceptions.RegistryUnavailable,
                              self.cache.flush_hits)
        self.download()
        self.eventually(2, lambda: self.hits()[self.image_id])

    def test_before_more_is_fetched(self):
        """What is fetched may take long, and the disk is full."""
        self.cached()
        newer = self.cached(self.new())
        self.gate.allowed = 0
        self.addCleanup(setattr, self.gate, 'allowed', len(DATA))
        self.cache.queue(self.new())
        self.cache.max_size = len(DATA)
        services._parts['maintainer'].wake()
        self.eventually([newer], self.listed)

    def test_used_longest_ago(self):
        ids = [self.cached()] + [self.cached(self.new()) for _ in range(2)]
        self.get(ids[0])
        # Its use is noted when it has been sent.
        self.eventually(1, lambda: self.hits()[ids[0]])
        self.cache.max_size = 2 * len(DATA)
        answer = self.admin(200, 'POST', CACHE + '/prune')
        self.assertEqual({'total_files_pruned': 1,
                          'total_bytes_pruned': len(DATA)}, answer.json)
        self.assertEqual({ids[0], ids[2]}, set(self.listed()))
        self.assertEqual(sorted((ids[0], ids[2])), self.files())
        answer = self.admin(200, 'POST', CACHE + '/prune')
        self.assertEqual({'total_files_pruned': 0, 'total_bytes_pruned': 0},
                         answer.json)


class TestClean(base.TestCase):

    def clean(self):
        answer = self.admin(200, 'POST', CACHE + '/clean')
        self.assertEqual(b'', answer.body)

    def put(self, name, data=b'x'):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as target:
            target.write(data)

    def test_abandoned_and_invalid_files_go(self):
        self.put('incomplete/' + self.image_id)
        self.put('invalid/' + self.image_id)
        self.clean()
        self.assertEqual([], self.parts())
        self.assertEqual([], os.listdir(os.path.join(self.folder,
                                                     'invalid')))

    def test_abandoned_part_hinders_nobody(self):
        """A process that filled the cache was killed."""
        self.put('incomplete/' + self.image_id, DATA[:100])
        self.download()
        self.eventually([self.image_id], self.files)
        self.assertEqual([0], self.gate.opened)

    def test_a_growing_file_stays_until_it_stalls(self):
        """What somebody fills stays, unless it has not grown for long."""
        self.gate.allowed = 0
        downloads = base.Downloads(self.get, 1)
        self.eventually([self.image_id], self.parts)
        self.clean()
        self.assertEqual([self.image_id], self.parts())
        self.service.conf.config(image_cache_stall_time=0)
        self.clean()
        self.assertEqual([], self.parts())
        self.gate.allowed = len(DATA)
        self.check_data(downloads.wait())
        self.assertEqual([], self.files())

    def test_only_files_with_the_right_data_are_listed(self):
        """Only files with the right data are taken for images."""
        other = self.new()
        self.put(self.image_id, DATA)
        self.put(other, DATA[::-1])
        self.put('f' * 36)
        self.put('some folder/x')
        self.clean()
        self.assertEqual([self.image_id], self.listed())
        self.assertEqual([self.image_id, 'some folder'], self.files())

    def test_listed_meanwhile(self):
        list_files = self.cache.files.list

        def list_and_wait():
            found = list_files()
            self.cached()
            return found
        with mock.patch.object(self.cache.files, 'list', list_and_wait):
            self.clean()
        self.assertEqual(([self.image_id], [self.image_id]),
                         (self.listed(), self.files()))

    def test_an_entry_without_its_file_goes(self):
        self.cached()
        os.unlink(os.path.join(self.folder, self.image_id))
        self.clean()
        self.assertEqual([], self.listed())

    def test_deleted_without_a_word(self):
        """The image was deleted through a host that could not tell."""
        self.cached()
        with engine.writer() as conn:
            conn.execute(schema.images.update(), {'deleted': True})
        self.assertEqual([], self.listed())
        self.clean()
        self.assertEqual([], self.files())
        with engine.reader() as conn:
            self.assertEqual([], conn.execute(
                schema.cached_images.select()).all())


class TestKeeper(base.TestCase):

    def test_looks_by_itself(self):
        """Some other process has put a file here, and is gone."""
        self.cached()
        os.unlink(os.path.join(self.folder, self.image_id))
        self.service.conf.config(image_cache_upkeep_interval=1)
        services._parts['maintainer'].wake()
        self.eventually([], self.listed)

    def test_told_over_the_bus(self):
        """Another host has deleted the image."""
        self.cached()
        services.announcer().drop(context.internal(), self.image_id)
        self.eventually([], self.files)


class TestOlderCalls(base.TestCase):

    def test_cached_images_are_listed_and_deleted(self):
        self.cached()
        found = self.admin(200, 'GET', '/v2/cached_images').json
        entry, = found['cached_images']
        self.assertEqual(
            {'image_id', 'size', 'hits', 'last_accessed', 'last_modified'},
            set(entry))
        answer = self.admin(200, 'DELETE',
                            '/v2/cached_images/' + self.image_id)
        self.assertIsNone(answer.json)
        self.assertEqual([], self.files())
        self.cached()
        answer = self.admin(200, 'DELETE', '/v2/cached_images')
        self.assertEqual({'num_deleted': 1}, answer.json)
        self.assertEqual([], self.files())

    def test_queued_images_are_listed_and_deleted(self):
        self.gate.allowed = 0
        path = '/v2/queued_images'
        self.assertIsNone(self.admin(
            200, 'PUT', path + '/' + self.image_id).json)
        self.assertEqual({'queued_images': [self.image_id]},
                         self.admin(200, 'GET', path).json)
        self.assertIsNone(self.admin(
            200, 'DELETE', path + '/' + self.image_id).json)
        other = self.new()
        self.cache.queue(other)
        self.assertEqual({'num_deleted': 1},
                         self.admin(200, 'DELETE', path).json)
        self.gate.allowed = len(DATA)

    def test_unknown_paths_and_verbs_are_refused(self):
        self.admin(404, 'GET', '/v2/cached_images/x/y')
        self.admin(405, 'POST', '/v2/cached_images')
        self.admin(404, 'GET', '/v2/cached_imagesx')


class TestEvents(base.TestCase):

    def sent(self):
        with engine.writer() as conn:
            rows = outbox.head(conn, 1000)
            outbox.remove(conn, [row.seq for row in rows])
        return [row.payload for row in rows if row.event_type == 'image.send']

    def test_a_hit_is_told_like_a_miss(self):
        self.service.conf.config(group='oslo_messaging_notifications',
                                 driver=['messagingv2'])
        sent = []
        self.cached()
        self.eventually(1, lambda: sent.extend(self.sent()) or len(sent))
        self.check_data([self.get(REMOTE_ADDR='192.0.2.1').body])
        self.eventually(2, lambda: sent.extend(self.sent()) or len(sent))
        first, second = map(json.loads, sent)
        self.assertEqual(dict(first, destination_ip='192.0.2.1'), second)

    def test_a_silenced_event_is_not_told(self):
        self.service.conf.config(group='oslo_messaging_notifications',
                                 driver=['messagingv2'])
        self.service.conf.config(disabled_notifications=['image.send'])
        self.cached()
        self.download()
        time.sleep(0.3)
        self.assertEqual([], self.sent())


class TestName(base.TestCase):
    """A host needs no options to know its name."""

    def test_the_default_is_a_url_of_the_host(self):
        self.assertIsNone(CONF.worker_self_reference_url)
        self.assertRegex(self.cache.node, r'http://[^/]+:9292\Z')
