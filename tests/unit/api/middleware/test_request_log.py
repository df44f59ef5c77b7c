"""What every response and every log line has."""

import fixtures
from oslo_context import context as oslo_context

from glance.api import composite
from glance.api.middleware import request_log
from glance.common import context
from glance.metrics import counters
from tests.unit.api.middleware import base


class TestRequestLog(base.TestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=20))
        self.app = request_log.RequestLog(self.inner)

    def test_new_request_id(self):
        response = self.call(self.app)
        request_id = response.headers['x-openstack-request-id']
        self.assertTrue(request_id.startswith('req-'))
        self.assertEqual(request_id, self.environ['openstack.request_id'])

    def test_request_id_of_the_client(self):
        for given, kept in (('req-abc', 'req-abc'), ('abc', 'req-abc'),
                            ('x' * 64, 'req-' + 'x' * 64)):
            response = self.call(self.app, HTTP_X_OPENSTACK_REQUEST_ID=given)
            self.assertEqual(kept, response.headers['x-openstack-request-id'])

    def test_bad_request_id(self):
        for given in ('x' * 65, 'a b', 'a\nb', '\xff'):
            response = self.call(self.app, HTTP_X_OPENSTACK_REQUEST_ID=given)
            self.assertEqual(400, response.status_int)
            self.assertIsNone(self.environ)
            self.assertNotIn(given,
                             response.headers['x-openstack-request-id'])

    def test_no_browser_guesses_the_type(self):
        self.assertEqual('nosniff', self.call(self.app).headers[
            'X-Content-Type-Options'])

    def test_a_line_has_neither_queries_nor_tokens(self):
        self.call(self.app, '/v2/images?name=private',
                  HTTP_X_AUTH_TOKEN='token-of-ann')
        self.assertIn('127.0.0.1 "GET /v2/images" status: 200 len: 0',
                      self.log.output)
        self.assertNotIn('private', self.log.output)
        self.assertNotIn('token-of-ann', self.log.output)

    def test_requests_count_by_known_routes_and_verbs(self):
        def count(verb, route):
            found = counters.HTTP_REQUESTS.labels(route, verb, '200')
            return found._value.get()

        before = count('GET', 'none'), count('other', '/v2/things/{id}')
        self.call(self.app, '/v2/images/' + 'x' * 99)
        self.call(self.app, **{'REQUEST_METHOD': 'BREW',
                               composite.ROUTE: '/v2/things/{id}'})
        self.assertEqual([1, 1], [
            count('GET', 'none') - before[0],
            count('other', '/v2/things/{id}') - before[1]])

    def test_path_cannot_forge_a_line(self):
        self.call(self.app, PATH_INFO='/v2/x\n2026 ERROR \x1b[31m\xff')
        self.assertEqual(1, self.log.output.count('\n'))
        self.assertNotIn('\x1b', self.log.output)

    def test_filter_that_fails(self):
        def broken(environ, start_response):
            raise RuntimeError('rbd://key@host')
        response = self.call(request_log.RequestLog(broken))
        self.assertEqual(500, response.status_int)
        self.assertIn('x-openstack-request-id', response.headers)
        self.assertNotIn('rbd', response.text)

    def test_caller_of_the_request_before_is_not_logged(self):
        context.RequestContext(user_id='ann', request_id='req-before')
        self.call(self.app, HTTP_X_OPENSTACK_REQUEST_ID='req-now')
        current = oslo_context.get_current()
        self.assertEqual((None, 'req-now'),
                         (current.user_id, current.request_id))
