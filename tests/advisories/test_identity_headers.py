"""OSSA-2026-001, OSSA-2017-001 and others: identity headers and tokens.

Headers that say who somebody is count only when the service has set them
itself; and a token is not written to a log.
"""

import logging

import fixtures
from keystonemiddleware import opts

from glance.api import app
from tests.advisories import base

FORGED = {
    'X-Identity-Status': 'Confirmed', 'X-Service-Identity-Status':
    'Confirmed', 'X-User-Id': 'u', 'X-Project-Id': 'p1', 'X-Tenant-Id': 'p1',
    'X-Roles': 'admin,member,reader,service', 'X-Role': 'admin',
    'X-Service-Roles': 'service', 'X-Service-User-Id': 'u',
    'X-Is-Admin-Project': 'True', 'OpenStack-System-Scope': 'all',
    'X-Domain-Id': 'd', 'X-User-Domain-Id': 'd'}
TOKEN = 'gAAAAABsecret'


def ask_keystone(service):
    """Check tokens, with an identity service that cannot be reached."""
    conf = service.conf
    for group, options in opts.list_auth_token_opts():
        conf.register_opts(options, group=group)
    conf.config(group='keystone_authtoken', auth_type='none',
                www_authenticate_uri='http://127.0.0.1:1')
    conf.config(group='paste_deploy', flavor='keystone')
    service.wsgi = app.load()


class TestForgedHeaders(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.private = self.service.create(visibility='private')['id']
        ask_keystone(self.service)

    def call(self, *args):
        return self.service.call(*args, headers=FORGED)

    def test_without_a_token(self):
        for verb, path, body in (
                ('GET', base.IMAGES, None),
                ('GET', self.path(self.private), None),
                ('DELETE', self.path(self.private), None),
                ('POST', base.IMAGES, {})):
            self.assertEqual(401, self.call(verb, path, body).status_int)

    def test_without_a_token_where_anonymous_callers_may_read(self):
        self.service.conf.config(allow_anonymous_access=True)
        for verb, path, body, status in (
                ('GET', base.IMAGES, None, 403),
                ('GET', self.path(self.private), None, 404),
                ('DELETE', self.path(self.private), None, 403),
                ('POST', base.IMAGES, {}, 403)):
            self.assertEqual(status, self.call(verb, path, body).status_int)


class TestTokensInLogs(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))

    def call(self, *args):
        return self.service.call(*args, headers={
            'X-Auth-Token': TOKEN, 'X-Service-Token': TOKEN,
            'Authorization': 'Basic ' + TOKEN}).status_int

    def test_a_good_request(self):
        self.assertEqual(200, self.call('GET', base.IMAGES))

    def test_a_bad_request(self):
        self.assertEqual(400, self.call('GET', base.IMAGES + '?limit=x'))

    def test_an_error_of_the_service(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.api.queries.filters.parse', lambda pairs: 1 // 0))
        self.assertEqual(500, self.call('GET', base.IMAGES))
        self.assertIn('ZeroDivisionError', self.log.output)

    def test_an_identity_service_that_is_away(self):
        ask_keystone(self.service)
        self.assertGreaterEqual(self.call('GET', base.IMAGES), 401)

    def tearDown(self):
        self.assertNotIn(TOKEN, self.log.output)
        super().tearDown()
