"""Metadata definitions over HTTP: every operation, with every status."""

import os
import pathlib

import fixtures
import jsonschema
import yaml

from glance.api.schemas import metadef
from glance import policy
from tests.functional.http import base
from tests.functional.http import metadef_cases

ROOT = metadef_cases.ROOT
CONTRACT = (pathlib.Path(__file__).parents[2] / 'data' / 'contract'
            / 'routes.yaml')
CLOSED = ('get_metadef_namespaces', 'get_metadef_objects',
          'get_metadef_object', 'get_metadef_properties',
          'get_metadef_property', 'get_metadef_resource_type',
          'get_metadef_tag', 'get_metadef_tags',
          'list_metadef_resource_types')


class TestCase(base.TestCase):

    options = {'conductor': False}

    def make(self, name, **values):
        """A new namespace of the caller's own making."""
        answer = self.service.admin('POST', ROOT, dict(
            metadef_cases.CONTENT, namespace=name, **values))
        self.assertEqual(201, answer.status_int, answer.text)
        return answer.json

    def admin(self, verb, path, body=None, **kwargs):
        """The JSON of an answer below 300."""
        answer = self.service.admin(verb, ROOT + path, body, **kwargs)
        self.assertLess(answer.status_int, 300, answer.text)
        return answer.json if answer.body else None

    def status(self, verb, path, body=None, **kwargs):
        return self.service.call(verb, ROOT + path, body,
                                 **kwargs).status_int

    def check(self, name, value):
        """The value fits the document that clients know."""
        jsonschema.Draft4Validator(metadef.documents()[name]).validate(value)
        return value


class TestOperations(TestCase):

    def setUp(self):
        super().setUp()
        path = os.path.join(self.useFixture(fixtures.TempDir()).path,
                            'policy.yaml')
        with open(path, 'w') as file:
            yaml.safe_dump({rule: 'not role:denied' for rule in CLOSED}, file)
        self.service.conf.config(group='oslo_policy', policy_file=path)
        policy.reset()
        self.restore()

    def restore(self):
        for name in ('C', 'N', 'P', 'X'):
            path = ROOT + '/' + name
            self.service.admin('PUT', path, {'namespace': name})
            self.service.admin('DELETE', path)
        self.make('N', visibility='public')
        self.make('P', visibility='public', protected=True)
        self.make('X', visibility='private', owner='px')

    def snapshot(self):
        """All that could have changed."""
        found = self.service.admin('GET', ROOT + '?sort_key=namespace').json
        return [self.service.admin('GET', entry['self']).json
                for entry in found['namespaces']]

    def send(self, verb, path, body=None, parts=None, query='', headers=None,
             roles=metadef_cases.ADMIN):
        path = path.format(**dict(metadef_cases.PARTS, **(parts or {})))
        return self.service.call(verb, path + (query and '?' + query), body,
                                 headers=headers, roles=roles)

    def complaint(self, answer, status):
        if answer.status_int != status:
            return '%s, not %s: %s' % (answer.status_int, status,
                                       answer.text[:200])
        if status >= 400 and not 10 < len(answer.json['message']) < 1000:
            return 'reason %r' % answer.json['message']
        return None

    def test_each_case_gets_its_status(self):
        before, complaints, seen = self.snapshot(), [], set()
        for verb, path, status, title, request in metadef_cases.cases():
            seen.add((verb, path, str(status)))
            answer = self.send(verb, path, **request)
            complaint = self.complaint(answer, status)
            if complaint:
                complaints.append('%s %s %s: %s' % (verb, path, title,
                                                    complaint))
            if verb != 'GET' and answer.status_int < 300:
                self.restore()
                before = self.snapshot()
        self.assertEqual([], complaints)
        self.assertEqual(before, self.snapshot())
        self.assertEqual(self.listed() - seen, set())
        # So that nobody empties the table by accident.
        self.assertGreater(len(seen), 110)

    def listed(self):
        """(verb, path, status) of the contract; what is an unforeseen error
        there is a refusal here.
        """
        routes = yaml.safe_load(CONTRACT.read_text())['routes']
        listed = set()
        for route in routes:
            if route['path'].startswith('/v2/metadefs'):
                listed.add((route['method'], route['path'],
                            route['success']))
                listed.update((route['method'], route['path'], status)
                              for status in route['errors']
                              if status != '500')
        return listed
