from oslotest import base

from glance.api.schemas import metadef_requests as requests
from glance.common import exceptions

SCHEMA = {'type': 'string', 'title': 'T'}


class TestForms(base.BaseTestCase):

    def test_defaults_of_a_namespace(self):
        self.assertEqual(
            {'namespace': 'n', 'display_name': None, 'description': None,
             'visibility': 'private', 'protected': False,
             'resource_types': [], 'objects': [], 'tags': [],
             'properties': []}, requests.namespace({'namespace': 'n'}))

    def test_parts_of_a_namespace(self):
        found = requests.namespace({
            'namespace': 'n', 'owner': 'o', 'tags': [{'name': 't'}],
            'properties': {'p': SCHEMA}, 'objects': [{'name': 'x'}],
            'resource_type_associations': [{'name': 'R', 'prefix': 'r_'}]})
        self.assertEqual('o', found['owner'])
        self.assertEqual([{'name': 't'}], found['tags'])
        self.assertEqual([{'name': 'p', 'schema': SCHEMA}],
                         found['properties'])
        self.assertEqual([{'name': 'x', 'description': None, 'required': [],
                           'properties': {}}], found['objects'])
        self.assertEqual([{'name': 'R', 'prefix': 'r_',
                           'properties_target': None}],
                         found['resource_types'])

    def test_what_clients_send_back_of_an_answer(self):
        """The links and times within the parts are nobody's concern."""
        found = requests.namespace({'namespace': 'n', 'objects': [
            {'name': 'x', 'self': '/', 'schema': '/', 'created_at': 'now',
             'properties': {'p': dict(SCHEMA, unknown=1, name='p')}}]})
        self.assertEqual({'p': SCHEMA}, found['objects'][0]['properties'])

    def test_falsy_values_stay(self):
        schema = dict(SCHEMA, default=0, enum=[], uniqueItems=False,
                      pattern='')
        self.assertEqual(schema, requests.property_(
            dict(schema, name='p'))['schema'])

    def test_names_in_use(self):
        for name in ('OS::Compute::Libvirt', 'quota:cpu_shares', 'CPU Limits',
                     'n' * 80, '\xdcn\xef', '...', '%2F'):
            self.assertEqual(name, requests.check_name(name, 'tag'))

    def test_too_many(self):
        many = {'tags': [{'name': str(number)} for number in range(1001)]}
        self.assertRaises(exceptions.LimitExceeded, requests.tags, many)
        self.assertEqual(1000, len(requests.tags(
            {'tags': many['tags'][:1000]})))

    def test_too_long_for_the_database(self):
        body = {'name': 'x', 'properties': {
            'p%d' % number: dict(SCHEMA, description='d' * 30000)
            for number in range(2)}}
        requests.object_(body)
        body['properties']['q'] = dict(SCHEMA, description='d' * 30000)
        self.assertRaises(exceptions.BadRequest, requests.object_, body)

    def test_read_only(self):
        for parse in (requests.namespace, requests.object_,
                      requests.property_, requests.tag,
                      requests.association):
            for name in ('created_at', 'updated_at'):
                self.assertRaises(exceptions.Forbidden, parse, {name: ''})
