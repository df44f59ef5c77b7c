"""Errors as clients see them."""

import json
import types

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

    def test_html_is_sent_escaped_where_it_is_preferred(self):
        for accept in ('text/html', 'text/html, application/json',
                       'text/html, */*', 'Text/HTML', '*/*;q=0.1, text/html',
                       'text/html,application/xhtml+xml,application/xml;q=0.9,'
                       '*/*;q=0.8'):
            response = build(exceptions.NotFound('No such <thing>.'), accept)
            self.assertEqual('text/html', response.content_type)
            self.assertIn('No such &lt;thing&gt;.', response.text)
            self.assertNotIn('<thing>', response.text)

    def test_json_has_message_code_and_title(self):
        response = build(exceptions.NotFound('No such <thing>.'),
                         'application/json')
        self.assertEqual('application/json', response.content_type)
        self.assertEqual({'message': 'No such <thing>.',
                          'code': '404 Not Found', 'title': 'Not Found'},
                         json.loads(response.text))

    def test_the_first_type_with_most_weight_wins(self):
        for accept, kind in (
                ('text/html;q=0.5, application/json', 'application/json'),
                ('application/json, text/html', 'application/json'),
                ('text/plain, text/html', 'text/plain'),
                ('*/*', 'text/plain'), ('application/*', 'application/json'),
                ('text/html;q=0, */*', 'text/plain'),
                ('text/*', 'text/plain'), ('nonsense', 'text/plain'),
                ('application/json;q=0', 'text/plain')):
            response = build(exceptions.NotFound(), accept)
            self.assertEqual(kind, response.content_type, accept)

    def test_message_that_cannot_be_encoded(self):
        self.assertEqual(400, build(
            exceptions.BadRequest('bad: \ud800')).status_int)


class TestHeaders(base.BaseTestCase):

    def test_allowed_verbs_are_named(self):
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


class TestUploads(base.BaseTestCase):
    """Nobody is invited to repeat what he may have no second copy of."""

    def environ(self, **more):
        return dict({'REQUEST_METHOD': 'PUT', 'CONTENT_LENGTH': '5',
                     'PATH_INFO': '/v2/images/i/file', 'wsgi.input': None},
                    **more)

    def statuses(self, environ):
        answer = faults.response(exceptions.StoreUnavailable(), environ)
        changed, headers = faults.without_invitation(
            environ, '503 Service Unavailable', [('Retry-After', '5'),
                                                 ('A', 'b')])
        invited = dict(headers).get('Retry-After')
        self.assertEqual(invited, answer.headers.get('Retry-After'))
        self.assertEqual('b', dict(headers)['A'])
        self.assertEqual(answer.status, changed)
        self.assertEqual('close' if answer.status_int == 502 else None,
                         answer.headers.get('Connection'))
        self.assertEqual(dict(headers).get('Connection'),
                         answer.headers.get('Connection'))
        return answer.status_int

    def test_data_on_its_way(self):
        for path in ('/v2/images/i/file', '/images/i/file', '/images/i/stage'):
            self.assertEqual(502, self.statuses(
                self.environ(PATH_INFO=path)))
        self.assertEqual(502, self.statuses(self.environ(
            CONTENT_LENGTH='', HTTP_TRANSFER_ENCODING='chunked')))

    def test_all_is_still_with_the_client(self):
        waiting = types.SimpleNamespace(is_held_back=True)
        for more in ({'wsgi.input': waiting}, {'CONTENT_LENGTH': '0'},
                     {'CONTENT_LENGTH': ''}):
            self.assertEqual(503, self.statuses(self.environ(**more)))

    def test_what_can_be_repeated(self):
        for more in ({'REQUEST_METHOD': 'GET'}, {'REQUEST_METHOD': 'POST'},
                     {'PATH_INFO': '/v2/images/i/tags/file'},
                     {'PATH_INFO': '/v2/images/i/import'}):
            self.assertEqual(503, self.statuses(self.environ(**more)))

    def test_other_answers(self):
        for status in ('204 No Content', '409 Conflict'):
            self.assertEqual((status, []), faults.without_invitation(
                self.environ(), status, []))
        self.assertEqual(413, faults.response(
            exceptions.StorageFull(), self.environ()).status_int)

    def test_the_reason_stays(self):
        answer = faults.response(exceptions.RegistryUnavailable(),
                                 self.environ())
        self.assertIn(exceptions.RegistryUnavailable.default, answer.text)
        self.assertIn('from its beginning', answer.text)
