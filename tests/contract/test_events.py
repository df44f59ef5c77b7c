"""Every event, with its keys, from a running service."""

import json
import pathlib
import re

from oslotest import base

from glance.db.connect import engine
from glance.db import own_schema
from tests.contract import contract
from tests.contract import event_story
from tests.contract import events
from tests.contract import world

_PAGE = (pathlib.Path(__file__).parents[2] / 'doc' / 'source' / 'admin'
         / 'notifications.rst')


class TestEvents(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(world.Several())
        self.service.conf.config(group='oslo_messaging_notifications',
                                 driver=['messagingv2'])
        self.service.conf.config(group='work', poll_interval=0.1,
                                 retry_interval=1, max_tries=2)
        self.story = event_story.Story(self.service)

    def told(self):
        """All events so far: [(name, payload)]"""
        with engine.reader() as conn:
            rows = conn.execute(own_schema.outbox.select().order_by(
                own_schema.outbox.c.seq)).all()
        told = [(row.event_type, row.priority, json.loads(row.payload))
                for row in rows]
        return [(events.name(*one), one[-1]) for one in told]

    def test_events_and_keys_are_those_of_the_contract(self):
        """Which events there are, and which keys are not as agreed."""
        self.story.tell_all()
        known, different = events.rows(), set()
        # Nobody waits for what is told of downloads.
        self.story.wait_until(lambda: 3 == len([
            name for name, _payload in self.told()
            if name.startswith('image.send')]))
        each = dict(known, **events.ours())
        for name, payload in self.told():
            if name in each:
                different.update(name + ' ' + key for key in
                                 events.differences(each[name], payload))
        seen = {name for name, _payload in self.told()}
        named = set(contract.excuses('events')) | set(contract.ours('events'))
        self.assertEqual(
            {row for row in named - set(known) if ' ' in row}, different)
        self.assertEqual(set(known) - set(contract.excuses('events')),
                         seen - set(contract.ours('events')))

    def test_only_excused_sequences_differ(self):
        expected = contract.load('notifications')['sequences_observed']
        different = set()
        for name, bring_about in self.story.sequences().items():
            before = len(self.told())
            bring_about()
            if not _is_sequence(self.told()[before:], expected[name]):
                different.add(name)
        self.assertEqual(set(contract.excuses('sequences')), different)

    def test_the_page_names_these_and_no_other(self):
        """The page for operators names those of the contract, and ours."""
        named = _named_by(_PAGE.read_text())
        known = {name.partition(' ')[0] for name in events.rows()}
        excused = set(contract.excuses('events'))
        ours = {row for row in contract.ours('events') if ' ' not in row}
        self.assertEqual(known - excused | ours, named)


def _named_by(page):
    """Events of the first column of a table; `.x` goes on with a name."""
    named, group = set(), ''
    for cell in re.findall(r'^   \* - (``.*?)\n     - ', page,
                           re.MULTILINE | re.DOTALL):
        for name in re.findall('``([a-z_.]+)``', cell):
            if name.startswith('.'):
                name = group + name
            group = name.rpartition('.')[0]
            named.add(name)
    return named


def _is_sequence(told, expected):
    """Whether events came as `image.update (saving)` and others say."""
    told = [(name, payload) for name, payload in told
            if name not in contract.ours('events') and name != 'image.create']
    names = [name for name, _payload in told]
    first = expected[0].partition(' ')[0]
    if first in names:
        # Some begin in the middle of a story.
        told = told[names.index(first):]
    return len(told) == len(expected) and all(
        _is_event(name, payload, text)
        for (name, payload), text in zip(told, expected))


def _is_event(name, payload, text):
    wanted, _space, more = text.partition(' (')
    if more.startswith('ERROR'):
        return name == wanted + ' ERROR'
    return name == wanted and (not more
                               or payload['status'] == more.rstrip(')'))
