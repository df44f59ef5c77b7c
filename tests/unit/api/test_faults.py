"""Errors as clients see them."""

import json

from keystoneauth1 import exceptions as keystone_exceptions
from oslotest import base
import webob.exc

from glance.api import faults
from glance.common import exceptions


def build(error, accept=None):
    environ = {'REQUEST_METHOD': 'GET', 'PATH_INFO': '/v2/images'}
    if accept:
        environ['HTTP_ACCEPT'] = accept
    return faults.response(error, environ)


class TestBody(base.BaseTestCase):

    def test_text_without_accept(self):
        response = build(exceptions.NotFound('No such <thing>.'))
        self.assertEqual('404 Not Found', response.status)
        self.assertEqual('text/plain', response.content_type)
        self.assertEqual('404 Not Found\n\nNo such <thing>.\n\n',
                         response.text)

    def test_text_for_what_is_not_offered(self):
        for accept in ('text/plain', 'image/png'):
            self.assertEqual('text/plain', build(
                exceptions.NotFound(), accept).content_type)

    def test_html(self):
        for accept in ('*/*', 'text/html', 'text/html, application/json'):
            response = build(exceptions.NotFound('No such <thing>.'), accept)
            self.assertEqual('text/html', response.content_type)
            self.assertIn('No such &lt;thing&gt;.', response.text)
            self.assertNotIn('<thing>', response.text)

    def test_json(self):
        response = build(exceptions.NotFound('No such <thing>.'),
                         'application/json')
        self.assertEqual('application/json', response.content_type)
        self.assertEqual({'message': 'No such <thing>.',
                          'code': '404 Not Found', 'title': 'Not Found'},
                         json.loads(response.text))

    def test_preference(self):
        response = build(exceptions.NotFound(),
                         'text/html;q=0.5, application/json')
        self.assertEqual('application/json', response.content_type)

    def test_message_that_cannot_be_encoded(self):
        self.assertEqual(400, build(
            exceptions.BadRequest('bad: \ud800')).status_int)


class TestHeaders(base.BaseTestCase):

    def test_allow(self):
        response = build(exceptions.MethodNotAllowed(
            allowed=('GET', 'PATCH')))
        self.assertEqual('405 Method Not Allowed', response.status)
        self.assertEqual('GET, PATCH', response.headers['Allow'])

    def test_accept_patch(self):
        response = build(exceptions.UnsupportedMediaType(
            accept_patch=('a/b', 'c/d')))
        self.assertEqual('a/b, c/d', response.headers['Accept-Patch'])

    def test_no_accept_patch_for_content(self):
        self.assertNotIn('Accept-Patch',
                         build(exceptions.ContentRejected()).headers)

    def test_content_range(self):
        response = build(exceptions.RangeNotSatisfiable(size=9))
        self.assertEqual(416, response.status_int)
        self.assertEqual('bytes */9', response.headers['Content-Range'])

    def test_retry_after(self):
        response = build(exceptions.RegistryUnavailable(retry_after=7))
        self.assertEqual(503, response.status_int)
        self.assertEqual('7', response.headers['Retry-After'])


class TestOthers(base.BaseTestCase):

    def test_every_class_has_a_response(self):
        classes = [exceptions.GlanceError]
        while classes:
            cls = classes.pop()
            classes += cls.__subclasses__()
            self.assertEqual(cls.status, build(cls()).status_int)

    def test_unexpected_error_shows_nothing_of_itself(self):
        response = build(RuntimeError('rbd://key@host'), 'application/json')
        self.assertEqual(500, response.status_int)
        self.assertNotIn('rbd', response.text)

    def test_identity_service_away(self):
        response = build(keystone_exceptions.ConnectFailure('http://k:5000'))
        self.assertEqual(503, response.status_int)
        self.assertIn('Retry-After', response.headers)
        self.assertNotIn('5000', response.text)

    def test_webob_exception(self):
        response = build(webob.exc.HTTPConflict(
            'busy', headers={'X-Thing': 'a'}), 'application/json')
        self.assertEqual('409 Conflict', response.status)
        self.assertEqual('busy', response.json['message'])
        self.assertEqual('a', response.headers['X-Thing'])
