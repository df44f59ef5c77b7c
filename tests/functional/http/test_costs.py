"""What a request costs: messages on the bus and SQL statements.

The statements are those without notifications; each event adds one. More is
a decision, not an accident: change the table with it, and the one in the
documentation.
"""

import fixtures
import testtools

from glance.rpc import client
from tests.fixtures import service

IMAGES = '/v2/images'


class Messages(fixtures.Fixture):
    """Notes the names of calls, writes and casts."""

    def _setUp(self):
        self.names = []
        for verb in ('call', 'write', 'cast'):
            self.useFixture(fixtures.MonkeyPatch(
                'glance.rpc.client.Client.' + verb,
                self._noting(getattr(client.Client, verb))))

    def _noting(self, method):
        def noting(rpc, ctxt, namespace, name, /, *args, **kwargs):
            self.names.append('%s.%s' % (namespace, name))
            return method(rpc, ctxt, namespace, name, *args, **kwargs)
        return noting


class TestCosts(testtools.TestCase):

    def setUp(self):
        super().setUp()
        # A conductor would add statements of its own at any time.
        self.service = self.useFixture(service.Service(conductor=False))
        self.image = self.service.create(name='a', tags=['t'], a='b')['id']
        self.path = IMAGES + '/' + self.image
        self.messages = self.useFixture(Messages())

    def check(self, messages, statements, verb, path, body=None, **kwargs):
        del self.messages.names[:]
        with self.service.database.statements() as seen:
            response = self.service.call(verb, path, body, **kwargs)
            self.assertLess(response.status_int, 300, response.text)
            response.body
        self.assertEqual(messages.split(), self.messages.names)
        self.assertEqual(statements, len(seen), '\n'.join(seen))
        return response

    def upload(self):
        self.check('images.get_many uploads.begin uploads.finish', 10,
                   'PUT', self.path + '/file', b'x' * 1000)

    def test_a_get_costs_no_more_than_written(self):
        self.check('images.get_many', 1, 'GET', self.path)

    def test_a_list_costs_no_more_than_written(self):
        self.check('images.list', 1, 'GET', IMAGES)
        self.check('images.list', 1, 'GET', IMAGES + '?tag=t&a=b&limit=1')
        self.check('', 0, 'GET', IMAGES + '?limit=0')

    def test_usage_costs_no_more_than_written(self):
        self.service.conf.config(group='usage', enabled=True)
        self.check('images.get_many', 1, 'GET', self.path)
        for query in ('sort=os_last_used_at', 'os_usage_count=0',
                      'os_last_used_at=gt:2026-01-01T00:00:00Z'):
            self.check('images.list', 1, 'GET', IMAGES + '?' + query)
        self.check('images.get_many usage.list', 2, 'GET',
                   self.path + '/usage')

    def test_a_create_costs_no_more_than_written(self):
        self.check('images.create', 5, 'POST', IMAGES,
                   {'name': 'b', 'tags': ['t', 'u'], 'a': 'b', 'c': 'd'})

    def test_an_update_costs_no_more_than_written(self):
        self.check('images.get_many images.update', 4, 'PATCH', self.path,
                   [{'op': 'replace', 'path': '/name', 'value': 'b'}],
                   headers={'Content-Type': service.V21})
        self.check('images.get_many images.update', 6, 'PATCH', self.path,
                   [{'op': 'add', 'path': '/c', 'value': 'd'}],
                   headers={'Content-Type': service.V21})

    def test_a_delete_costs_no_more_than_written(self):
        self.check('images.get_many images.delete', 7, 'DELETE', self.path)

    def test_data_costs_no_more_than_written(self):
        self.upload()
        self.check('images.get_many events.images_sent', 1, 'GET',
                   self.path + '/file')
        self.check('images.get_many images.delete work.wake', 9, 'DELETE',
                   self.path)

    def test_tags_cost_no_more_than_written(self):
        path = self.path + '/tags/new'
        self.check('images.get_many images.add_tag', 5, 'PUT', path)
        self.check('images.get_many images.remove_tag', 4, 'DELETE', path)

    def test_members_cost_no_more_than_written(self):
        path = self.path + '/members'
        self.check('images.get_many members.create', 7, 'POST', path,
                   {'member': 'p2'})
        self.check('images.get_many members.list', 2, 'GET', path)
        self.check('images.get_many members.get', 2, 'GET', path + '/p2')
        self.check('images.get_many members.update', 5, 'PUT', path + '/p2',
                   {'status': 'accepted'}, project='p2')
        self.check('images.get_many members.delete', 5, 'DELETE',
                   path + '/p2')

    def test_actions_cost_no_more_than_written(self):
        self.upload()
        for name in ('deactivate', 'reactivate'):
            self.check('images.get_many images.' + name, 4, 'POST',
                       '%s/actions/%s' % (self.path, name))

    def test_discovery_sends_no_message(self):
        for path in ('/v2/schemas/image', '/v2/info/import', '/versions'):
            self.service.call('GET', path)
            self.assertEqual([], self.messages.names)
