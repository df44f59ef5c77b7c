"""Which stores are read, and which are left alone."""

import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor.periodic import auditor
from glance.conductor.periodic import reading
from glance.conductor.periodic import run as runs
from glance.conf import CONF
from glance.metrics import counters


class Audits:
    """Stands for the registry."""

    def __init__(self):
        self.noted = []

    def passed(self, ctxt, image_id, location, facts):
        self.noted.append(('passed', location['id']))
        self.facts = facts

    heals = False

    def failed(self, ctxt, image_id, location, reason):
        self.noted.append((reason, location['id']))
        return self.heals

    def skipped(self, ctxt, location_ids):
        self.noted.append(('skipped', location_ids))


class Store:
    """A store with nothing in it that could be listed."""

    id = 's'
    read_only = False

    def check(self):
        pass

    def list(self):
        return iter(())


class TestAudit(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.audits = Audits()
        self.store = Store()
        stores = types.SimpleNamespace(place=self.place)
        self.run_ = runs.Run(
            context.internal(), types.SimpleNamespace(
                audits=self.audits, images=types.SimpleNamespace(
                    get=self.get)), stores, 'audit', 1)
        self.read = []
        self.answers = {}
        self.patch(reading, 'read', self.answer)

    def get(self, ctxt, image_id):
        return {'locations': [{'id': one, 'url': 'u', 'status': 'active'}
                              for one in range(1, 100)]}

    def place(self, location):
        if location['id'] == 99:
            raise exceptions.BadRequest()
        if location['id'] == 98:
            raise exceptions.BadLocation()
        return self.store, None

    def answer(self, store, image, location, throttle):
        self.read.append(location['id'])
        answer = self.answers.get(location['id'], ({}, None))
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def look(self, *ids, reason=None):
        pages = [self.page(*ids, reason=reason), []]
        return auditor.look_through(self.run_, lambda last: pages.pop(0))

    def page(self, *ids, reason=None):
        return [{'image': {'id': 'i'}, 'reason': reason,
                 'location': {'id': one, 'url': 'u', 'metadata': {}}}
                for one in ids]

    def test_what_is_due_again_has_to_wait(self):
        pages = [self.page(1, 2), self.page(3, 1), self.page(2, 1)]
        self.assertEqual({'good': 3}, auditor.look_through(
            self.run_, lambda last: pages.pop(0)))
        self.assertEqual([1, 2, 3], self.read)

    def test_what_is_not_ours(self):
        self.store.read_only = True
        self.assertEqual({}, self.look(1, 2))
        self.assertEqual([('skipped', [1, 2])], self.audits.noted)
        self.store.read_only = False
        for number in (98, 99):
            self.look(number)
            self.assertEqual(('skipped', [number]), self.audits.noted[-1])
        self.assertEqual([], self.read)

    def test_a_store_that_fails_is_left_alone(self):
        self.answers = {one: exceptions.StoreUnavailable()
                        for one in range(1, 10)}
        self.assertEqual({'unreadable': 3}, self.look(*range(1, 10)))
        self.assertEqual([1, 2, 3], self.read)
        self.assertEqual([], self.audits.noted)

    def test_the_second_look_decides(self):
        self.answers = {1: [(None, 'hash'), ({}, None)],
                        2: [(None, 'hash'), (None, 'hash')]}
        self.assertEqual({'good': 1, 'bad': 1}, self.look(1, 2))
        self.assertEqual([('passed', 1), ('hash', 2)], self.audits.noted)

    def test_what_is_known_as_bad_is_read_once(self):
        self.answers = {1: (None, 'hash')}
        self.assertEqual({'bad': 1}, self.look(1, reason='hash'))
        self.assertEqual([1], self.read)

    def test_many_missing_and_none_found_is_no_verdict(self):
        for count, others, is_away in (
                (2, (), False), (3, (), True), (3, (50,), False)):
            self.audits.noted = []
            self.answers = {one: (None, 'missing')
                            for one in range(1, count + 1)}
            self.look(*range(1, count + 1), *others)
            missing = [one for one in self.audits.noted
                       if one[0] == 'missing']
            self.assertEqual(0 if is_away else count, len(missing))

    def test_missing_where_something_else_is(self):
        self.store.list = lambda: iter(['an object'])
        self.answers = {one: (None, 'missing') for one in (1, 2, 3)}
        self.assertEqual({'missing': 3}, self.look(1, 2, 3))

    def test_missing_of_a_broken_store(self):
        def check():
            raise exceptions.StoreUnavailable()
        self.store.check = check
        self.answers = {1: (None, 'missing')}
        self.assertEqual({'unreadable': 1}, self.look(1))

    def test_a_stopped_run_looks_no_further(self):
        self.run_.stop(claims.Draining())
        self.assertRaises(claims.Draining, self.look, 1)

    def test_missing_where_nobody_can_list(self):
        self.store.list = lambda: None
        self.answers = {one: (None, 'missing') for one in (1, 2, 3)}
        self.assertEqual({'unreadable': 3}, self.look(1, 2, 3))

    def test_what_was_deleted_meanwhile_says_nothing_of_its_store(self):
        self.get = lambda ctxt, image_id: {'locations': []}
        self.run_.registry.images.get = self.get
        self.answers = {one: (None, 'missing') for one in range(1, 5)}
        self.assertEqual({'missing': 4}, self.look(1, 2, 3, 4))
        self.answers = {one: exceptions.StoreUnavailable()
                        for one in range(1, 5)}
        self.assertEqual({}, self.look(1, 2, 3, 4))
        self.assertEqual([1, 2, 3, 4], self.read[-4:])

    def test_what_was_replaced_meanwhile_is_not_bad(self):
        self.audits.heals = None
        self.answers = {1: (None, 'hash')}
        self.assertEqual({}, self.look(1))

    def test_missing_data_is_not_looked_for_twice(self):
        self.answers = {1: [(None, 'missing')],
                        2: [(None, 'size'), (None, 'size')]}
        self.assertEqual({'missing': 1, 'bad': 1}, self.look(1, 2))
        self.assertEqual([1, 2, 2], self.read)

    def test_what_operators_are_told(self):
        for heals, reason, text in (
                (True, None, 'bad: hash; it will be healed'),
                (False, None, 'bad: hash; there is no good copy'),
                (True, 'hash', None)):
            log = self.useFixture(fixtures.FakeLogger())
            self.audits.heals = heals
            self.answers = {1: (None, 'hash')}
            self.look(1, reason=reason)
            self.assertIn(text or '', log.output)
            self.assertEqual(bool(text), bool(log.output))

    def test_what_the_data_says_of_itself_is_told(self):
        self.answers = {1: ({'size': 3}, None)}
        self.look(1)
        self.assertEqual({'size': 3}, self.audits.facts)

    def test_counted_by_store(self):
        for answer, result in ((({}, None), 'good'),
                               ((None, 'size'), 'bad'),
                               ((None, 'missing'), 'missing'),
                               (exceptions.StoreUnavailable(),
                                'unreadable')):
            counter = counters.AUDITS.labels('s', result)
            before = counter._value.get()
            self.answers = {1: answer}
            self.look(1)
            self.assertEqual(1, counter._value.get() - before)

    def test_what_is_skipped_is_told_page_by_page(self):
        self.store.read_only = True
        pages = [self.page(1), self.page(2, 3), []]
        auditor.look_through(self.run_, lambda last: pages.pop(0))
        self.assertEqual([('skipped', [1]), ('skipped', [2, 3])],
                         self.audits.noted)

    def test_each_page_goes_on_after_the_one_before(self):
        pages, asked = [self.page(1, 2), self.page(3), []], []
        auditor.look_through(
            self.run_, lambda last: asked.append(last) or pages.pop(0))
        self.assertEqual([None, 2, 3], [
            last and last['location']['id'] for last in asked])

    def test_what_is_due(self):
        asked, pages = [], [[dict(self.page(7)[0], place=5)], []]
        conf = self.useFixture(config_fixture.Config(CONF))
        conf.config(group='periodic', audit_interval=11,
                    audit_interval_bad=12)
        self.audits.list_oldest = lambda ctxt, *args: (
            asked.append(args) or pages.pop(0))
        self.audits.forget_deleted = lambda ctxt: asked.append('forget')
        self.assertEqual({'good': 1}, auditor.do(self.run_))
        self.assertEqual(['forget', (None, 50, 11, 12), (5, 50, 11, 12)],
                         asked)

    def test_a_rate_of_zero_reads_nothing(self):
        conf = self.useFixture(config_fixture.Config(CONF))
        conf.config(group='periodic', audit_rate=0)
        self.assertEqual({'off': True}, self.look(1))
        self.assertEqual([], self.read)
