"""What readers get of images is what was recorded of Glance."""

import json
import os
import queue
import sys
import threading

import kombu
import requests

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace
from tests.functional.usage import base

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
_RECORDED = os.path.join(_ROOT, 'tests', 'data', 'notifications',
                         'images.json')
_LISTENER = os.path.join(_ROOT, 'doc', 'examples', 'listener',
                         'print_images.py')
# Told beside what Glance tells.
_OURS = 'image.status'
_DATA = b'x' * 2000
_PATCH = 'application/openstack-images-v2.1-json-patch'


def recorded():
    with open(_RECORDED, encoding='utf-8') as file:
        return [one['message'] for one in json.load(file)]


def shapes(messages):
    """:returns: {(event, path of a key): types of its values}"""
    found = {}
    for one in messages:
        for key, value in _leaves(one):
            found.setdefault((one['event_type'], key), set()).add(
                type(value).__name__)
    return found


def _leaves(message):
    for key, value in message.items():
        yield key, value
        if key == 'payload':
            yield from (('payload.' + name, one)
                        for name, one in value.items())


class ImageEventsTest(base.UsageTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.url = 'http://127.0.0.1:%d' % (port := ports.free_port())
        config = programs.write_config(self.work.join('conf'), {
            'DEFAULT': {'enabled_backends': 'fast:file,cold:file'},
            'glance_store': {'default_backend': 'fast'},
            **{name: {'filesystem_store_datadir': self.work.join(name)}
               for name in ('fast', 'cold', 'os_glance_staging_store')},
            'paste_deploy': {'flavor': 'trusted-auth'},
            'oslo_messaging_notifications': {
                'driver': 'messagingv2', 'transport_url': self.bus}})
        self.useFixture(programs.start(
            'glance-standalone', '--port', port, '--state-dir',
            self.work.join('state'), '--config-file', config, url=self.url,
            log=self.work.join('log')))

    def call(self, verb, path, status, project='p1', **kwargs):
        headers = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'u',
                   'X-Project-Id': project, 'X-Roles': 'member,reader',
                   **kwargs.pop('headers', {})}
        answer = requests.request(verb, self.url + '/v2/images' + path,
                                  headers=headers, timeout=60, **kwargs)
        self.assertEqual(status, answer.status_code, answer.text)
        return answer

    def upload(self, **attributes):
        path = '/' + self.call('POST', '', 201, json={
            'disk_format': 'raw', 'container_format': 'bare',
            **attributes}).json()['id']
        self.call('PUT', path + '/file', 204, data=_DATA, headers={
            'Content-Type': 'application/octet-stream'})
        return path

    def listen_beside(self):
        """:returns: a queue of the messages, as they come"""
        found, stopped = queue.Queue(), threading.Event()
        connection = kombu.Connection(self.bus.replace('rabbit:', 'amqp:'))
        exchange = kombu.Exchange('glance', 'topic', durable=False)
        source = connection.SimpleQueue(kombu.Queue(
            'beside', exchange, 'notifications.*', durable=False))

        def read():
            while not stopped.is_set():
                try:
                    message = source.get(timeout=0.5)
                except source.Empty:
                    continue
                found.put(json.loads(message.payload['oslo.message']))
                message.ack()

        reader = threading.Thread(target=read)
        self.addCleanup(connection.close)
        self.addCleanup(reader.join)
        self.addCleanup(stopped.set)
        reader.start()
        return found

    def until(self, event, messages):
        """:returns: all messages up to this event"""
        found = [messages.get(timeout=base.PATIENCE)]
        while found[-1]['event_type'] != event:
            found.append(messages.get(timeout=base.PATIENCE))
        return found

    def story(self, messages):
        """What happened when Glance was recorded."""
        path = self.upload(name='a', os_distro='debian')
        self.call('PATCH', path, 200, headers={'Content-Type': _PATCH}, json=[
            {'op': 'replace', 'path': '/name', 'value': 'b'}])
        self.call('POST', path + '/members', 200, json={'member': 'p2'})
        self.call('PUT', path + '/members/p2', 200, project='p2',
                  json={'status': 'accepted'})
        told = self.until('image.member.update', messages)
        for project, headers in (('p2', {}), ('p1', {'Range': 'bytes=0-9'})):
            self.call('GET', path + '/file', 206 if headers else 200,
                      project=project, headers=headers)
            # It may be overtaken by what comes next.
            told += self.until('image.send', messages)
        self.call('DELETE', path + '/members/p2', 204)
        self.call('DELETE', path, 204)
        return told + self.until('image.delete', messages)

    def test_events_keys_and_types_are_as_recorded(self):
        told = [one for one in self.story(self.listen_beside())
                if one['event_type'] != _OURS]
        wanted = recorded()
        end = next(number for number, one in enumerate(wanted)
                   if one['event_type'] == 'image.delete')
        self.assertEqual([one['event_type'] for one in wanted[:end + 1]],
                         [one['event_type'] for one in told])
        ours, known = shapes(told), shapes(wanted)
        self.assertEqual(set(known), set(ours))
        self.assertEqual({}, {key: types for key, types in ours.items()
                              if not types <= known[key]})

    def test_the_listener_of_the_documentation_prints_them(self):
        printer = self.useFixture(processes.Process(
            [sys.executable, _LISTENER, self.bus],
            log=self.work.join('printed'), ready=lambda: True))
        self.wait_until_bound('print-images')
        path = self.upload(name='a')
        self.call('DELETE', path, 204)
        wanted = ['image.%s %s' % (name, path[1:]) for name in (
            'create', 'upload', 'activate', 'delete')]
        self.wait_for(wanted, lambda: [
            line for line in printer.output().splitlines()
            if line in wanted])
