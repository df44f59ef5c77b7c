"""Metadata definitions: lists, who sees what, changes, events and costs."""

import json
import pathlib

import fixtures
import yaml

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import outbox
from glance.notifications import bus
from glance import policy
from tests.functional.http import metadef_cases
from tests.functional.http import test_costs
from tests.functional.http import test_metadefs

ROOT = metadef_cases.ROOT
CONTRACT = (pathlib.Path(__file__).parents[2] / 'data' / 'contract'
            / 'notifications.yaml')


class TestLists(test_metadefs.TestCase):

    def setUp(self):
        super().setUp()
        for name, visibility, owner, title in (
                ('a', 'public', 'p0', 'z'), ('b', 'private', 'p1', None),
                ('c', 'private', 'p2', 'y'), ('d', 'public', 'p2', None),
                ('e', 'private', 'p1', 'x')):
            more = {'display_name': title} if title else {}
            self.admin('POST', '', dict(
                more, namespace=name, visibility=visibility, owner=owner,
                resource_type_associations=[{'name': 'R' + name}]))

    def names(self, query='', **kwargs):
        answer = self.service.call('GET', ROOT + '?' + query, **kwargs)
        self.assertEqual(200, answer.status_int, answer.text)
        self.check('namespaces', answer.json)
        return ''.join(entry['namespace']
                       for entry in answer.json['namespaces'])

    def test_namespaces_come_in_the_order_asked_for(self):
        self.assertEqual('edba', self.names())
        self.assertEqual('abde', self.names('sort_dir=asc'))
        self.assertEqual('abde', self.names('sort_key=namespace'
                                            '&sort_dir=asc'))

    def test_each_filter_finds_what_matches(self):
        for query, expected in (
                ('visibility=public', 'ad'), ('visibility=private', 'be'),
                ('resource_types=Ra,Rb,Rc', 'ab'), ('resource_types=Rx', ''),
                ('resource_types=Ra&visibility=private', ''),
                ('limit=0', '')):
            self.assertEqual(expected, self.names(query
                                                  + '&sort_dir=asc'), query)

    def test_who_sees_what(self):
        self.assertEqual('abcde', self.names('sort_dir=asc', project='p0',
                                             roles=metadef_cases.ADMIN))
        self.assertEqual('acd', self.names('sort_dir=asc', project='p2'))
        self.assertEqual(200, self.status('GET', '/b'))
        self.assertEqual(404, self.status('GET', '/b', project='p2'))
        self.assertEqual(403, self.status('GET', '', roles='stranger'))
        self.assertEqual(404, self.status('GET', '/a', roles='stranger'))

    def test_pages_lead_to_all_by_each_key(self):
        # Nulls have their place in the order, too.
        for key in ('created_at', 'display_name', 'namespace', 'visibility',
                    'protected', 'id', 'owner', 'description'):
            for direction in ('asc', 'desc'):
                seen, link = '', '%s?sort_key=%s&sort_dir=%s&limit=2&x=1&x=2' \
                    % (ROOT, key, direction)
                first = link
                while link:
                    page = self.service.admin('GET', link).json
                    self.check('namespaces', page)
                    self.assertEqual(first, page['first'])
                    seen += ''.join(entry['namespace'] for entry
                                    in page['namespaces'])
                    link = page.get('next')
                self.assertEqual('abcde', ''.join(sorted(seen)), key)

    def test_a_page_is_as_long_as_configured(self):
        self.service.conf.config(limit_param_default=3, api_limit_max=4)
        for query, count in (('', 3), ('limit=2', 2), ('limit=9', 4)):
            self.assertEqual(count, len(self.names(
                query, project='p0', roles=metadef_cases.ADMIN)))

    def test_tags_come_in_the_order_asked_for(self):
        self.admin('POST', '/a/tags', {'tags': [
            {'name': name} for name in 'bca']})
        for query, expected in (
                ('', 'acb'), ('sort_key=name', 'cba'),
                ('sort_key=name&sort_dir=asc&limit=2', 'ab'),
                ('sort_key=name&sort_dir=asc&marker=b', 'c')):
            tags = self.admin('GET', '/a/tags?' + query)
            self.assertEqual(['tags'], list(tags))
            self.assertEqual(expected, ''.join(
                tag['name'] for tag in tags['tags']), query)


class TestStories(test_metadefs.TestCase):

    def test_a_namespace_is_shown_as_it_was_made(self):
        made = self.check('namespace', self.make('OS::A b'))
        shown = self.check('namespace', self.admin('GET', '/OS::A%20b'))
        self.assertEqual(made, shown)
        self.assertEqual(ROOT + '/OS::A%20b', shown['self'])
        self.assertEqual(('private', False, 'p0'), tuple(
            shown[name] for name in ('visibility', 'protected', 'owner')))
        answer = self.service.admin('POST', ROOT, {'namespace': 'x'})
        self.assertEqual('http://localhost%s/x' % ROOT, answer.location)
        self.assertNotIn('description', answer.json)

    def test_change_of_a_namespace(self):
        self.make('a', description='d', visibility='public')
        # Clients send back what they got, with the definitions in it.
        body = self.admin('GET', '/a')
        for name in ('created_at', 'updated_at', 'self', 'schema'):
            del body[name]
        body.update(namespace='b', owner='p5')
        del body['description']
        changed = self.admin('PUT', '/a', dict(body, tags=[]))
        self.assertEqual(('b', 'public', 'p5', None), (
            changed['namespace'], changed['visibility'], changed['owner'],
            changed.get('description')))
        shown = self.admin('GET', '/b')
        self.assertEqual(2, len(shown['tags']))
        self.assertEqual('p5', self.admin('PUT', '/b', {
            'namespace': 'b'})['owner'])

    def test_prefix_of_a_resource_type(self):
        self.make('a')
        self.admin('POST', '/a/objects', metadef_cases.OBJECT)
        shown = self.admin('GET', '/a?resource_type=R')
        self.assertEqual({'hw_a', 'hw_b'}, set(shown['properties']))
        self.assertEqual((['hw_x'], ['hw_x']), (
            list(shown['objects'][-1]['properties']),
            shown['objects'][-1]['required']))

    def test_an_object_is_replaced_as_a_whole(self):
        self.make('a', objects=[])
        made = self.check('object', self.admin('POST', '/a/objects',
                                               metadef_cases.OBJECT))
        self.assertEqual(made, self.admin('GET', '/a/objects/c'))
        listed = self.check('objects', self.admin('GET', '/a/objects'))
        # This link has no slash at its beginning; clients know it so.
        self.assertEqual({'objects': [made],
                          'schema': 'v2/schemas/metadefs/objects'}, listed)
        changed = self.admin('PUT', '/a/objects/c', {'name': 'd'})
        self.assertEqual(([], {}), (changed['required'],
                                    changed['properties']))
        self.assertNotIn('description', changed)

    def test_a_property_is_shown_as_it_was_made(self):
        self.make('a')
        body = dict(metadef_cases.PROPERTY, default=0, enum=[0, False, ''],
                    operators=['<or>'], readonly=False, pattern='')
        made = self.check('property', self.admin('POST', '/a/properties',
                                                 body))
        self.assertEqual(body, made)
        self.assertEqual(body, self.admin('GET', '/a/properties/c'))
        listed = self.check('properties', self.admin('GET', '/a/properties'))
        del body['name']
        self.assertEqual(body, listed['properties']['c'])

    def test_resource_types(self):
        self.make('a', resource_type_associations=[])
        made = self.check('resource_type', self.admin(
            'POST', '/a/resource_types', {'name': 'R', 'prefix': 'p'}))
        self.assertEqual({'resource_type_associations': [made]}, self.check(
            'resource_types', self.admin('GET', '/a/resource_types')))
        self.make('b')
        types = self.service.admin('GET', '/v2/metadefs/resource_types').json
        self.assertEqual(['R'], [entry['name'] for entry
                                 in types['resource_types']])

    def test_tags_are_replaced_unless_they_are_appended(self):
        self.make('a')

        def names():
            return {tag['name']
                    for tag in self.admin('GET', '/a/tags')['tags']}

        def post(*tags, **headers):
            return self.admin('POST', '/a/tags', {'tags': [
                {'name': name} for name in tags]}, headers=headers)

        self.check('tag', self.admin('POST', '/a/tags/c'))
        self.assertEqual({'tags': []}, post())
        self.assertEqual({'a', 'b', 'c'}, names())
        self.check('tags', post('d', **{'X-Openstack-Append': 'True'}))
        self.assertEqual({'a', 'b', 'c', 'd'}, names())
        post('d', 'e')
        self.assertEqual({'d', 'e'}, names())

    def test_deletion_takes_everything(self):
        self.make('a')
        self.admin('DELETE', '/a')
        self.make('a', tags=[], objects=[], properties={},
                  resource_type_associations=[])
        shown = self.admin('GET', '/a')
        self.assertEqual([], shown['resource_type_associations'])
        for part in ('objects', 'properties', 'tags'):
            self.assertNotIn(part, shown)

    def test_operators_rules(self):
        path = pathlib.Path(self.useFixture(fixtures.TempDir()).path,
                            'policy.yaml')
        path.write_text(
            '"add_metadef_namespace": "project_id:%(owner)s"\n'
            '"add_metadef_tag": "!"\n'
            '"add_metadef_tags": "project_id:%(owner)s"\n'
            '"get_metadef_namespace": "project_id:%(owner)s"\n')
        self.service.conf.config(group='oslo_policy', policy_file=str(path))
        policy.reset()
        for body, status in (({'owner': 'p2'}, 403), ({}, 201),
                             ({'tags': [{'name': 't'}]}, 403)):
            self.assertEqual(status, self.status(
                'POST', '', dict({'namespace': 'a',
                                  'visibility': 'public'}, **body)))
        tags = {'tags': [{'name': 't'}]}
        self.assertEqual(201, self.status('POST', '/a/tags', tags))
        self.assertEqual(403, self.status('POST', '/a/tags/x'))
        # What may not be seen is not there, by the operator's rule too.
        self.assertEqual(404, self.status('POST', '/a/tags', tags,
                                          project='p2'))
        listed = self.service.call('GET', ROOT, project='p2').json
        self.assertEqual([], listed['namespaces'])


class TestEvents(test_metadefs.TestCase):

    def setUp(self):
        super().setUp()
        bus.register_opts(CONF)
        self.service.conf.config(driver=['messagingv2'],
                                 group='oslo_messaging_notifications')
        contract = yaml.safe_load(CONTRACT.read_text())
        self.events, self.payloads = contract['events'], contract['payloads']

    def told(self):
        """[(type, payload)] since the last time."""
        with engine.writer() as conn:
            rows = outbox.head(conn, 1000)
            outbox.remove(conn, [row.seq for row in rows])
        found = []
        for row in rows:
            payload = json.loads(row.payload)
            known = self.events[row.event_type]
            self.assertEqual(set(self.payloads[known['payload']]),
                             set(payload), row.event_type)
            self.assertEqual(known['priority'], row.priority)
            is_gone = 'deleted' in known.get('overrides', ())
            self.assertEqual(is_gone, payload['deleted'])
            self.assertEqual(is_gone, payload['deleted_at'] is not None)
            found.append((row.event_type, payload))
        return found

    def test_each_change_tells_its_own(self):
        self.make('a')
        seen = [name for name, _payload in self.told()]
        self.assertEqual(
            ['metadef_namespace.create', 'metadef_resource_type.create',
             'metadef_object.create', 'metadef_object.create',
             'metadef_tag.create', 'metadef_tag.create',
             'metadef_property.create', 'metadef_property.create'], seen)
        for verb, path, body, old in (
                ('PUT', '/a', {'namespace': 'b'}, 'a'),
                ('POST', '/b/objects', metadef_cases.OBJECT, 'c'),
                ('PUT', '/b/objects/c', {'name': 'd'}, 'c'),
                ('PUT', '/b/properties/a',
                 dict(metadef_cases.PROPERTY, default=False), 'a'),
                ('PUT', '/b/tags/a', {'name': 'c'}, 'a'),
                ('POST', '/b/tags', {'tags': [{'name': 'x'}]}, 'x'),
                ('DELETE', '/b/tags/x', None, 'x'),
                ('DELETE', '/b/objects/d', None, 'd'),
                ('DELETE', '/b/properties/c', None, 'c'),
                ('DELETE', '/b/resource_types/R', None, 'R'),
                ('DELETE', '/b/tags', None, 'b'),
                ('DELETE', '/b/objects', None, 'b'),
                ('DELETE', '/b/properties', None, 'b'),
                ('DELETE', '/b', None, 'b')):
            self.admin(verb, path, body)
            (name, payload), = self.told()
            seen.append(name)
            self.assertEqual(old, payload.get('name_old',
                                              payload.get('namespace_old')))
        self.assertEqual({name for name in self.events
                          if name.startswith('metadef_')}, set(seen))

    def test_empty_values_are_told_as_they_are(self):
        schema = {'type': 'string', 'title': '', 'default': '', 'minimum': 0,
                  'uniqueItems': False, 'enum': []}
        self.make('a', properties={'p': schema},
                  objects=[{'name': 'o', 'properties': {'p': schema}}])
        told = dict(self.told())
        for payload in (told['metadef_property.create'],
                        told['metadef_object.create']['properties'][0]):
            self.assertEqual(dict(schema, name='p'), {
                key: payload[key] for key in (*schema, 'name')})
            self.assertIsNone(payload['pattern'])

    def test_nothing_is_told_of_what_was_refused(self):
        self.make('a')
        self.told()
        self.service.admin('POST', ROOT + '/a/tags', {'tags': [
            {'name': 'x'}, {'name': 'x'}]})
        self.assertEqual([], self.told())


class TestCosts(test_metadefs.TestCase):

    def test_reads_cost_one_message_and_changes_two(self):
        messages = self.useFixture(test_costs.Messages())
        for number, operation in enumerate(metadef_cases.OPERATIONS):
            verb, path, status, body, _part = operation
            name = 'n%d' % number
            self.make(name)
            parts = dict(metadef_cases.PARTS, namespace=name)
            if verb == 'POST':
                parts['tag_name'] = 'new'
            del messages.names[:]
            answer = self.service.admin(verb, path.format(**parts), body)
            self.assertEqual(status, answer.status_int, answer.text)
            most = 1 if verb == 'GET' or path == ROOT else 2
            self.assertEqual(most, len(messages.names),
                             '%s %s' % (verb, path))
            self.service.admin('DELETE', ROOT + '/C')
