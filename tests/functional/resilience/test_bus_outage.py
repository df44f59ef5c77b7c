"""The broker goes away for a minute in the middle of the lives of images."""

import collections
import json
import os
import threading
import time
import uuid

import kombu
import requests

from tests.functional.resilience import base

OUTAGE = int(os.environ.get('GLANCE_TEST_OUTAGE', '60'))
LIFE = [None, 'queued', 'saving', 'active', 'deactivated', 'active',
        'deleted']
# What nobody has read yet outlives the broker in a durable queue only.
OPTIONS = {'oslo_messaging_notifications': {'driver': 'messagingv2'},
           'oslo_messaging_rabbit': {'amqp_durable_queues': 'true'},
           'work': {'lease': '3', 'poll_interval': '0.5'}}
# An upload whose beginning was recorded, but whose worker was not told so.
UNDONE = [('saving', 'queued'), ('queued', 'saving')]


class Life(threading.Thread):
    """One image after the other, from creation to deletion.

    Whatever is refused with 503 is tried again; when the first try took
    effect after all, the second one is told so.
    """

    def __init__(self, url):
        super().__init__(daemon=True)
        self._caller = base.Caller(url)
        self.stopping = False
        self.ended, self.odd, self.waits = [], [], []
        self.longest = 0

    def run(self):
        while not self.stopping:
            self._live(str(uuid.uuid4()))

    def _live(self, image_id):
        path = '/' + image_id
        self._do('POST', '', (201, 409), json={
            'id': image_id, 'disk_format': 'raw',
            'container_format': 'bare'})
        self._upload(path)
        for action in ('deactivate', 'reactivate'):
            self._do('POST', path + '/actions/' + action, (204,))
        self._do('DELETE', path, (204, 404))
        self.ended.append(image_id)

    def _upload(self, path):
        # An upload that came to nothing is undone when its lease is over.
        deadline = time.monotonic() + base.PATIENCE
        while time.monotonic() < deadline:
            if self._do('PUT', path + '/file', (204, 409), data=b'data',
                        headers=base.DATA_TYPE).status_code == 204:
                return
            if self._do('GET', path, (200,)).json()['status'] == 'active':
                return
            time.sleep(0.2)
        self.odd.append('%s stays unfinished' % path)

    def _do(self, verb, path, expected, **kwargs):
        while True:
            begun = time.monotonic()
            try:
                response = self._caller.request(verb, path, **kwargs)
            except requests.RequestException as error:
                self.odd.append(str(error))
                return
            self.longest = max(self.longest, time.monotonic() - begun)
            # With 502 an upload is refused that had begun: all is sent anew.
            if response.status_code not in (502, 503):
                break
            self.waits.append((begun, time.monotonic() - begun))
            if (response.status_code == 503) != (
                    'Retry-After' in response.headers):
                self.odd.append('%d, and when to try again: %s' % (
                    response.status_code, dict(response.headers)))
            time.sleep(0.2)
        if response.status_code not in expected:
            self.odd.append('%s %s: %s' % (verb, path, response.text))
        return response


class BusOutageTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.cloud = self.useFixture(base.TrustedCallers(
            private_bus=True, shared=OPTIONS))

    def test_no_event_is_lost_or_overtaken(self):
        lives = [Life(self.cloud.url) for _ in range(4)]
        for life in lives:
            life.start()
        time.sleep(5)
        gone = time.monotonic()
        self.cloud.bus.stop()
        waits = self.ask_during_outage()
        until = time.monotonic()
        self.cloud.bus.start()
        back = time.monotonic()
        caller = base.Caller(self.cloud.url)
        self.wait_until(
            lambda: caller.request('GET', '?limit=1').status_code == 200,
            base.PATIENCE, 'the recovery')
        recovered = time.monotonic() - back
        time.sleep(5)
        for life in lives:
            life.stopping = True
        for life in lives:
            life.join(base.PATIENCE)
        ended = [image_id for life in lives for image_id in life.ended]
        self.assertEqual([], [text for life in lives for text in life.odd])
        refused = [one for life in lives for one in life.waits]
        waits += [wait for begun, wait in refused if gone < begun < until]
        # What the broker had taken when it was told to end waits for a look at
        # it.
        caught = [wait for begun, wait in refused if begun <= gone]
        longest = max(life.longest for life in lives)
        print('%d lives, %d refusals, longest %.2f s, of those under way as '
              'it ended %.2f s, recovered after %.1f s, longest call %.2f s'
              % (len(ended), len(refused), max(waits), max(caught, default=0),
                 recovered, longest))
        self.assertLess(max(waits), base.AT_ONCE)
        self.assertLess(max(caught, default=0), base.AT_ONCE)
        self.assertLess(longest, base.LOST)
        self.check_events(ended)

    def ask_during_outage(self):
        """How long requests take that cannot be served."""
        caller, waits = base.Caller(self.cloud.url), []
        until = time.monotonic() + OUTAGE
        while time.monotonic() < until:
            begun = time.monotonic()
            response = caller.request('GET', '?limit=1')
            waits.append(time.monotonic() - begun)
            self.assertEqual(503, response.status_code, response.text)
            self.assertGreater(int(response.headers['Retry-After']), 0)
            time.sleep(0.5)
        return waits

    def check_events(self, ended):
        told = collections.defaultdict(list)
        states = collections.defaultdict(list)
        for event in self.events(set(ended)):
            image_id = event['payload']['id']
            told[image_id].append(event['event_type'])
            if event['event_type'] == 'image.status':
                states[image_id].append((event['payload']['old_status'],
                                         event['payload']['new_status']))
        undone = [image_id for image_id in ended
                  if UNDONE[0] in states[image_id]]
        for image_id in ended:
            changes = states[image_id]
            for change in UNDONE if image_id in undone else ():
                changes.remove(change)
            self.assertEqual(list(zip(LIFE, LIFE[1:])), changes)
        for image_id in set(ended) - set(undone):
            self.assertEqual(
                ['image.create', 'image.update', 'image.prepare',
                 'image.upload', 'image.activate', 'image.update',
                 'image.update', 'image.update', 'image.delete'],
                [name for name in told[image_id] if name != 'image.status'])

    def events(self, image_ids, timeout=base.PATIENCE):
        """What was told, each message once, until all images are deleted."""
        seen, found, missing = set(), [], set(image_ids)
        url = self.cloud.bus.url.replace('rabbit://', 'amqp://')
        deadline = time.monotonic() + timeout
        with kombu.Connection(url) as connection:
            queue = kombu.Queue('notifications.info').bind(
                connection.channel())
            while missing and time.monotonic() < deadline:
                message = queue.get(no_ack=True)
                if message is None:
                    time.sleep(0.1)
                    continue
                event = json.loads(message.payload['oslo.message'])
                if event['message_id'] in seen:
                    continue
                seen.add(event['message_id'])
                if event['payload'].get('id') in image_ids:
                    found.append(event)
                if (event['event_type'] == 'image.status' and
                        event['payload']['new_status'] == 'deleted'):
                    missing.discard(event['payload']['id'])
        return found
