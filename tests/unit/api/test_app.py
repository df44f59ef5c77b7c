"""From a request to a handler and back."""

from oslotest import base
import webob

from glance.api import app
from glance.api import request
from glance.common import context
from glance.common import exceptions


def show(req, thing_id):
    return {'id': thing_id, 'project': req.context.project_id}


@request.no_body
def delete(req, thing_id):
    return None


def create(req):
    response = webob.Response(status=201, json_body={'q': req.params['q']})
    response.location = req.base_url + '/v2/things/1'
    return response


def fail(req):
    raise exceptions.Conflict('busy')


def crash(req):
    raise RuntimeError('secret')


ROUTES = {'/things': {'POST': create, 'PUT': fail, 'GET': crash},
          '/things/{thing_id}': {'GET': show, 'DELETE': delete}}


class TestApplication(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.app = app.Application(ROUTES)
        self.ctxt = context.RequestContext(project_id='p1')

    def call(self, verb, path, query='', **environ):
        req = webob.Request.blank('/', method=verb)
        req.environ.update({
            'SCRIPT_NAME': '/v2', 'PATH_INFO': path, 'QUERY_STRING': query,
            request.CONTEXT: self.ctxt, **environ})
        return req.get_response(self.app)

    def test_dict_is_json(self):
        response = self.call('GET', '/things/a')
        self.assertEqual(200, response.status_int)
        self.assertEqual('application/json', response.content_type)
        self.assertEqual({'id': 'a', 'project': 'p1'}, response.json)

    def test_nothing_is_204(self):
        response = self.call('DELETE', '/things/a')
        self.assertEqual(204, response.status_int)
        self.assertEqual(b'', response.body)
        self.assertNotIn('Content-Type', response.headers)

    def test_own_response(self):
        response = self.call('POST', '/things', 'q=%C3%BC')
        self.assertEqual(201, response.status_int)
        self.assertEqual({'q': 'ü'}, response.json)
        self.assertEqual('http://localhost/v2/things/1', response.location)

    def test_an_error_of_ours_has_its_status(self):
        self.assertEqual(409, self.call('PUT', '/things').status_int)

    def test_an_unexpected_error_tells_nothing(self):
        response = self.call('GET', '/things')
        self.assertEqual(500, response.status_int)
        self.assertNotIn('secret', response.text)

    def test_utf8_path(self):
        response = self.call('GET', '/things/\xc3\xbc')
        self.assertEqual('ü', response.json['id'])

    def test_bad_paths(self):
        for path in ('/things/\xff', '/things/\xed\xa0\x80', '/things/a\x00',
                     '/things/\u20ac'):
            self.assertEqual(400, self.call('GET', path).status_int, path)

    def test_bad_queries(self):
        for query in ('q=%FF', 'q=%ED%A0%80', 'q=a%00', 'q=\xff', 'q=\u20ac',
                      'q=' + 'x' * app.MAX_QUERY_LENGTH):
            self.assertEqual(
                400, self.call('POST', '/things', query).status_int, query)

    def test_body_where_none_belongs(self):
        for environ in ({'CONTENT_LENGTH': '2'},
                        {'HTTP_TRANSFER_ENCODING': 'chunked'}):
            self.assertEqual(400, self.call('DELETE', '/things/a',
                                            **environ).status_int)

    def test_length_that_is_no_number(self):
        self.assertEqual(400, self.call(
            'GET', '/things/a', CONTENT_LENGTH='x').status_int)

    def test_unknown_path_and_verb(self):
        self.assertEqual(404, self.call('GET', '/nope').status_int)
        response = self.call('PATCH', '/things/a')
        self.assertEqual(405, response.status_int)
        self.assertEqual('GET, DELETE', response.headers['Allow'])
        self.assertEqual(501, self.call('BREW', '/nope').status_int)

    def test_without_a_slash(self):
        response = self.call('GET', '')
        self.assertEqual(302, response.status_int)
        self.assertEqual('http://localhost/v2/', response.location)

    def test_anonymous_may_only_read(self):
        self.ctxt = context.RequestContext(read_only=True)
        self.assertEqual(200, self.call('GET', '/things/a').status_int)
        self.assertEqual(403, self.call('DELETE', '/things/a').status_int)
