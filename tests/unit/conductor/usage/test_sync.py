"""Uses of images become what nova and cinder have."""

import threading
import time
import types
import uuid

import fixtures
from keystoneauth1 import loading
from oslo_config import fixture as config_fixture

from glance.common import context
from glance.conductor import claims
from glance.conductor.periodic import clock
from glance.conductor.periodic import usage_sync
from glance.conductor.usage.sync import credentials
from glance.conductor.usage.sync import walk
from glance.conf import CONF
from glance.registry.endpoints import usage as endpoint
from tests.fixtures import cloud
from tests.unit.registry import base

IMAGE, OTHER = str(uuid.uuid4()), str(uuid.uuid4())
SHELF = str(uuid.uuid4())


class Registry:
    """Calls the endpoint of usage at once; has one snapshot."""

    def __init__(self):
        self._endpoint = endpoint.UsageEndpoint()
        self.merged, self.snapshots = [], {}
        self.usage = types.SimpleNamespace(
            merge=self._merge, weigh=self._weigh,
            list_going_on=self._list_going_on)
        self.images = types.SimpleNamespace(list=self._list)

    def _merge(self, ctxt, statements):
        self.merged += statements
        return self._endpoint.merge(ctxt, statements=statements)

    def _weigh(self, ctxt, statements):
        return self._endpoint.weigh(ctxt, statements=statements)

    def _list_going_on(self, ctxt, query):
        return self._endpoint.list_going_on(ctxt, query=query)

    def _list(self, ctxt, query):
        found = self.snapshots.get((query['filters'][0][2],
                                    query['properties']['instance_uuid']))
        return {'images': [{'id': found}] if found else []}


class SyncTestCase(base.RegistryTestCase):

    regions = ('one',)

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        # They are gone again after the test.
        self.conf.register_opts(
            loading.get_auth_plugin_conf_options('v3password'), group='usage')
        self.cloud = self.useFixture(cloud.Cloud(*self.regions))
        self.configure(**self.cloud.options(), sync_limit=2)
        self.registry = Registry()
        self.told = []
        self.log = self.useFixture(fixtures.FakeLogger())

    def configure(self, **values):
        self.conf.config(group='usage', **values)

    def say(self, number, image=IMAGE, kind='server', ago=5000, **more):
        self.registry._merge(self.admin, [{
            'at_ms': int(time.time() * 1000) - ago, 'kind': kind,
            'id': str(uuid.UUID(int=number)), 'project_id': 'p',
            'image_id': image, 'is_gone': False, **more}])

    def sync(self, check=lambda: None, is_trial=False):
        return walk.Walk(context.internal(), self.registry, check,
                         self.told.append, is_trial).do()

    def uses(self, kind='server'):
        """:returns: {number: image} of those that go on"""
        return {uuid.UUID(one['id']).int: one['image_id'] for one in
                self.registry._list_going_on(self.admin, {
                    'kind': kind, 'ids': None, 'said_before_ms': None,
                    'marker': None, 'limit': 1000})}


class ServersTest(SyncTestCase):

    def test_all_pages_are_seen(self):
        for number in range(1, 8):
            self.cloud.server(number, IMAGE)
        outcome = self.sync()
        self.assertEqual(dict.fromkeys(range(1, 8), IMAGE), self.uses())
        self.assertEqual((7, 0, {}), (outcome['begun'], outcome['ended'],
                                      outcome['failed']))
        self.assertEqual({'servers': 7, 'volumes': 0, 'snapshots': 0,
                          'backups': 0}, outcome['listed'])
        self.assertEqual(0, self.sync()['begun'])

    def test_pages_are_bounded(self):
        for number in range(1, 4):
            self.cloud.server(number, IMAGE)
        self.sync()
        self.assertEqual({'2'}, {
            query['limit'] for path, query in self.cloud.asked
            if path.endswith('/detail')})

    def test_the_moment_is_that_of_the_request(self):
        self.cloud.server(1, IMAGE)
        before = int(time.time() * 1000)
        answered = []
        self.cloud.meanwhile = lambda path, query: (
            time.sleep(0.01), answered.append(time.time() * 1000))
        self.sync()
        self.assertLessEqual(before, self.registry.merged[0]['at_ms'])
        self.assertLess(self.registry.merged[0]['at_ms'], answered[0])

    def test_one_without_an_image_says_nothing(self):
        self.cloud.server(1, None)
        self.say(2)
        self.cloud.server(2, None)
        self.sync()
        self.assertEqual({2: IMAGE}, self.uses())

    def test_a_rebuild_that_nobody_told_of(self):
        self.say(1)
        self.cloud.server(1, OTHER)
        outcome = self.sync()
        self.assertEqual({1: OTHER}, self.uses())
        self.assertEqual((1, 1), (outcome['begun'], outcome['ended']))

    def test_one_that_is_there_no_more_ends(self):
        self.say(1)
        self.say(2)
        self.cloud.server(1, IMAGE)
        began = int(time.time() * 1000)
        self.sync()
        self.assertEqual({1: IMAGE}, self.uses())
        [gone] = [one for one in self.registry.merged if one['is_gone']]
        self.assertLessEqual(began, gone['at_ms'])
        self.assertLessEqual(gone['at_ms'], min(
            one['at_ms'] for one in self.registry.merged
            if one['at_ms'] >= began))

    def test_one_that_is_only_left_out_of_the_list_goes_on(self):
        self.say(1)
        self.cloud.hidden.add(self.cloud.server(1, IMAGE))
        self.sync()
        self.assertEqual({1: IMAGE}, self.uses())

    def test_one_that_was_created_meanwhile_goes_on(self):
        self.cloud.server(1, IMAGE)

        def create(path, query):
            if 'marker' in query and 9 not in self.uses():
                self.say(9, ago=-1)
        self.cloud.meanwhile = create
        self.sync()
        self.assertEqual({1: IMAGE, 9: IMAGE}, self.uses())

    def test_an_error_in_the_middle_ends_nothing(self):
        self.say(9)
        for number in range(1, 4):
            self.cloud.server(number, IMAGE)

        def fail(path, query):
            if 'marker' in query:
                self.cloud.answers['/servers/detail'] = 503
        self.cloud.meanwhile = fail
        self.assertEqual({'servers': 'HTTP status 503'},
                         self.sync()['failed'])
        self.assertEqual(dict.fromkeys((1, 2, 9), IMAGE), self.uses())

    def test_an_error_when_asked_for_by_id_ends_nothing(self):
        self.say(9)
        self.cloud.answers[str(uuid.UUID(int=9))] = 500
        self.assertIn('servers', self.sync()['failed'])
        self.assertEqual({9: IMAGE}, self.uses())

    def test_the_end_of_a_page_may_be_deleted_meanwhile(self):
        for number in range(1, 6):
            self.cloud.server(number, IMAGE)
        self.cloud.meanwhile = lambda path, query: self.cloud.remove(
            str(uuid.UUID(int=2))) if 'marker' in query else None
        self.assertEqual({}, self.sync()['failed'])
        self.assertEqual(dict.fromkeys((1, 3, 4, 5), IMAGE), {
            number: image for number, image in self.uses().items()
            if number != 2})

    def test_a_list_that_does_not_go_on_ends(self):
        self.say(9)
        for number in range(1, 5):
            self.cloud.server(number, IMAGE)
        self.cloud.meanwhile = lambda path, query: query.pop('marker', None)
        self.assertEqual('the list does not go on',
                         self.sync()['failed']['servers'])
        self.assertIn(9, self.uses())

    def test_an_answer_that_takes_too_long_ends_nothing(self):
        self.configure(sync_timeout=1, timeout=60)
        ended = threading.Event()
        self.addCleanup(ended.set)
        self.cloud.meanwhile = lambda path, query: ended.wait(60)
        self.say(9)
        self.assertEqual('no whole answer within 1 seconds',
                         self.sync()['failed']['servers'])
        self.assertEqual({9: IMAGE}, self.uses())


class ShelvedTest(SyncTestCase):

    def test_one_rests_on_its_snapshot_too(self):
        for number, status in enumerate(('SHELVED', 'SHELVED_OFFLOADED'), 1):
            made = self.cloud.server(number, IMAGE, status)
            self.registry.snapshots['s%d-shelved' % number, made] = SHELF
        self.sync()
        self.assertEqual(dict.fromkeys((1, 2), IMAGE), self.uses())
        self.assertEqual(dict.fromkeys((1, 2), SHELF), self.uses('shelved'))

    def test_an_unshelve_that_nobody_told_of(self):
        self.say(1, SHELF, 'shelved')
        self.cloud.server(1, IMAGE)
        self.sync()
        self.assertEqual({}, self.uses('shelved'))

    def test_one_that_is_there_no_more_ends(self):
        self.say(1, SHELF, 'shelved')
        self.sync()
        self.assertEqual({}, self.uses('shelved'))


class VolumesTest(SyncTestCase):

    def snapshot(self, number, volume, kind='snapshots'):
        return self.cloud.add(kind, number, volume_id=volume, **{
            'os-extended-snapshot-attributes:project_id': 'p',
            'os-backup-project-attr:project_id': 'p'})

    def test_volumes_snapshots_and_backups_of_an_image(self):
        volume = self.cloud.volume(1, IMAGE)
        plain = self.cloud.volume(2, None)
        for number, one in enumerate((volume, plain), 3):
            self.snapshot(number, one)
            self.snapshot(number + 10, one, 'backups')
        self.assertEqual({}, self.sync()['failed'])
        self.assertEqual({1: IMAGE}, self.uses('volume'))
        self.assertEqual({3: IMAGE}, self.uses('snapshot'))
        self.assertEqual({13: IMAGE}, self.uses('backup'))
        self.assertEqual({'p'}, {one['project_id']
                                 for one in self.registry.merged})

    def test_those_that_are_there_no_more_end(self):
        for number, kind in enumerate(('volume', 'snapshot', 'backup')):
            self.say(number, kind=kind)
        self.assertEqual(3, self.sync()['ended'])

    def test_a_backup_outlives_its_volume(self):
        self.say(1, kind='backup')
        self.snapshot(1, str(uuid.uuid4()), 'backups')
        self.sync()
        self.assertEqual({1: IMAGE}, self.uses('backup'))
        self.assertEqual([], self.cloud.paths(str(uuid.UUID(int=1))))

    def test_a_volume_whose_metadata_was_removed_goes_on(self):
        self.say(1, kind='volume')
        self.cloud.volume(1, None)
        self.sync()
        self.assertEqual({1: IMAGE}, self.uses('volume'))

    def test_who_is_no_administrator_is_not_believed(self):
        # It would be a list of one project, without a word.
        self.say(1, kind='volume')
        self.cloud.answers['/os-services'] = 403
        failed = self.sync()['failed']
        self.assertEqual({'volumes', 'snapshots', 'backups'}, set(failed))
        self.assertEqual({1: IMAGE}, self.uses('volume'))


class RegionsTest(SyncTestCase):

    regions = ('one', 'two')

    def test_all_of_the_catalogue_are_looked_through(self):
        self.say(1)
        self.say(2)
        self.say(3)
        self.cloud.server(1, IMAGE, region='two')
        self.cloud.hidden.add(self.cloud.server(2, IMAGE, region='two'))
        self.sync()
        self.assertEqual({1: IMAGE, 2: IMAGE}, self.uses())

    def test_one_that_fails_ends_nothing(self):
        self.say(1)
        self.cloud.answers['two/compute/v2.1/servers/detail'] = 500
        self.sync()
        self.assertEqual({1: IMAGE}, self.uses())

    def test_one_that_is_named_is_looked_through_alone(self):
        self.configure(region_name='two')
        self.sync()
        self.assertEqual([], self.cloud.paths('/one/'))
        self.assertNotEqual([], self.cloud.paths('/two/'))


class CatalogueTest(SyncTestCase):

    def test_a_service_that_is_not_there_is_passed_over(self):
        self.say(1, kind='volume')
        self.cloud._types = ('compute',)
        outcome = self.sync()
        self.assertEqual(({'servers': 0}, {}),
                         (outcome['listed'], outcome['failed']))
        self.assertEqual({1: IMAGE}, self.uses('volume'))

    def test_nothing_but_its_urls_is_asked(self):
        self.cloud.server(1, IMAGE)
        self.sync()
        self.assertEqual(set(), {
            path for path, _query in self.cloud.asked
            if not path.startswith(('/one/compute/v2.1/servers',
                                    '/one/volume/v3/p/'))})

    def test_redirects_are_not_followed(self):
        self.say(1)
        self.cloud.answers['/v2.1/servers/detail'] = 302
        self.assertIn('servers', self.sync()['failed'])
        self.assertEqual([], self.cloud.paths('/elsewhere/'))
        self.assertEqual({1: IMAGE}, self.uses())

    def test_a_wrong_password_is_told_without_it(self):
        self.say(1)
        password, self.cloud.password = self.cloud.password, 'other'
        failed = self.sync()['failed']
        self.assertEqual('HTTP status 401', failed['servers'])
        self.assertEqual({1: IMAGE}, self.uses())
        self.assertNotIn(password, self.log.output)
        self.assertNotIn(self.cloud.url, self.log.output)

    def test_credentials_that_are_not_whole_are_told(self):
        self.configure(auth_type='nosuch')
        self.assertIn('credentials', self.sync()['failed'])


class TrialTest(SyncTestCase):

    def test_it_tells_what_would_change_and_changes_nothing(self):
        self.say(1)
        self.say(2)
        self.say(3)
        self.cloud.server(1, IMAGE)
        self.cloud.server(2, OTHER)
        self.cloud.server(4, IMAGE)
        merged = len(self.registry.merged)
        trial = self.sync(is_trial=True)
        self.assertEqual(merged, len(self.registry.merged))
        self.assertEqual(dict.fromkeys((1, 2, 3), IMAGE), self.uses())
        self.assertEqual(1, len(self.cloud.paths('/servers/0')))
        self.assertEqual(trial, self.sync())
        self.assertEqual({1: IMAGE, 2: OTHER, 4: IMAGE}, self.uses())
        self.assertIn('server %s no longer uses image %s' % (
            uuid.UUID(int=3), IMAGE), self.told)


class DutyTest(SyncTestCase):

    def test_it_stops_with_its_conductor(self):
        def check():
            raise claims.Draining()
        self.assertRaises(claims.Draining, self.sync, check)

    def test_what_it_has_done_is_kept(self):
        run = types.SimpleNamespace(
            ctxt=context.internal(), registry=self.registry,
            check=lambda: None)
        self.cloud.server(1, IMAGE)
        self.assertEqual(1, usage_sync.do(run)['begun'])

    def test_it_is_there_where_it_is_wanted(self):
        self.assertEqual(21600, clock.duties()['usage_sync'][0]())
        self.configure(sync_interval=0)
        self.assertNotIn('usage_sync', clock.duties())
        self.configure(sync_interval=5, enabled=False)
        self.assertNotIn('usage_sync', clock.duties())

    def test_without_credentials_there_is_none(self):
        self.configure(auth_type=None)
        self.assertNotIn('usage_sync', clock.duties())
        usage_sync.tell()
        self.assertEqual('', self.log.output)

    def test_without_the_library_there_is_none_and_it_is_told(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.usage.sync.credentials._LIBRARY', 'nosuchlib'))
        self.assertIn('openstacksdk', credentials.problem())
        self.assertNotIn('usage_sync', clock.duties())
        usage_sync.tell()
        self.assertEqual(1, len(self.log.output.strip().splitlines()))
