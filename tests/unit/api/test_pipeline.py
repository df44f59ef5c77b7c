"""Paste files: where they are looked for, what they may say."""

import os

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base
from osprofiler import web
import webob

from glance.api.middleware import context
from glance.api import pipeline
from glance.api import services
from glance.conf import CONF
from glance.conf import errors
from glance import policy
from tests.fixtures import fake_registry

_IMAGE = '71c675ab-d94f-49cd-a114-e12490b328d9'
_ADMIN = {'X-Identity-Status': 'Confirmed', 'X-Roles': 'admin',
          'X-Project-Id': 'p1'}

# A file of some releases ago: the first API version is still mounted, the
# health check is a filter and the pipelines are named directly.
_OLD_FILE = """
[pipeline:glance-api]
pipeline = cors healthcheck http_proxy_to_wsgi versionnegotiation osprofiler \
unauthenticated-context rootapp
[pipeline:glance-api-trusted-auth+cachemanagement]
pipeline = cors healthcheck http_proxy_to_wsgi versionnegotiation osprofiler \
context cache cachemanage rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v1: apiv1app
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv1app]
paste.app_factory = glance.api.v1.router:API.factory
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[filter:healthcheck]
paste.filter_factory = oslo_middleware:Healthcheck.factory
backends = disable_by_file
disable_by_file_path = /etc/glance/healthcheck_disable
[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:\
VersionNegotiationFilter.factory
[filter:cache]
paste.filter_factory = glance.api.middleware.cache:CacheFilter.factory
[filter:cachemanage]
paste.filter_factory = glance.api.middleware.cache_manage:\
CacheManageFilter.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:unauthenticated-context]
paste.filter_factory = glance.api.middleware.context:\
UnauthenticatedContextMiddleware.factory
[filter:osprofiler]
paste.filter_factory = osprofiler.web:WsgiMiddleware.factory
hmac_keys = SECRET_KEY
enabled = yes
[filter:cors]
use = egg:oslo.middleware#cors
oslo_config_project = glance
oslo_config_program = glance-api
[filter:http_proxy_to_wsgi]
paste.filter_factory = oslo_middleware:HTTPProxyToWSGI.factory
"""


# As openstack-helm writes it: one composite has all the pipelines.
_FACTORY_FILE = """
[composite:glance-api]
paste.composite_factory = glance.api:root_app_factory
/: api
/healthcheck: healthcheck
[composite:glance-api-keystone]
paste.composite_factory = glance.api:root_app_factory
/: api
/healthcheck: healthcheck
[composite:glance-api-caching]
paste.composite_factory = glance.api:root_app_factory
/: api
[composite:api]
paste.composite_factory = glance.api:pipeline_factory
default = cors http_proxy_to_wsgi versionnegotiation osprofiler \
unauthenticated-context rootapp
keystone = cors http_proxy_to_wsgi versionnegotiation osprofiler authtoken \
context rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[app:healthcheck]
paste.app_factory = oslo_middleware:Healthcheck.app_factory
backends = disable_by_file
disable_by_file_path = /etc/glance/healthcheck_disable
[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:\
VersionNegotiationFilter.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:unauthenticated-context]
paste.filter_factory = glance.api.middleware.context:\
UnauthenticatedContextMiddleware.factory
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
[filter:osprofiler]
paste.filter_factory = osprofiler.web:WsgiMiddleware.factory
[filter:cors]
paste.filter_factory = oslo_middleware.cors:filter_factory
oslo_config_project = glance
oslo_config_program = glance-api
[filter:http_proxy_to_wsgi]
paste.filter_factory = oslo_middleware:HTTPProxyToWSGI.factory
""".replace('\\\n', '')


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.conf = self.useFixture(config_fixture.Config(CONF))
        policy.reset()
        self.addCleanup(policy.reset)
        self.registry = fake_registry.FakeRegistry(
            fake_registry.make_image(_IMAGE))

    def write(self, name, text=''):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as new:
            new.write(text)
        return path

    def configure(self, *files):
        # Without it the middleware asks Keystone for its public address.
        keystone = self.write('keystone.conf', """
[keystone_authtoken]
www_authenticate_uri = http://identity.example
""")
        files = (keystone,) + files
        CONF([], project='glance', default_config_files=list(files),
             default_config_dirs=[])

    def load(self, flavor=None):
        self.conf.config(group='paste_deploy', flavor=flavor)
        self.app = pipeline.load()

    def get(self, path, method='GET', peer='127.0.0.1', **headers):
        req = webob.Request.blank(
            path, method=method, headers={
                name.replace('_', '-'): value
                for name, value in headers.items()})
        req.environ['REMOTE_ADDR'] = peer
        with services.override(registry=self.registry, stores=()):
            return req.get_response(self.app)


class TestFile(TestCase):

    def test_a_named_file_is_taken(self):
        path = self.write('other.ini')
        self.configure(self.write('glance-api.conf', """
[paste_deploy]
config_file = other.ini
"""))
        self.assertEqual(path, pipeline.find_file())

    def test_named_and_missing(self):
        self.configure()
        self.conf.config(group='paste_deploy', config_file='/no/such.ini')
        self.assertRaises(RuntimeError, pipeline.find_file)

    def test_beside_the_last_configuration_file(self):
        path = self.write('b-paste.ini')
        self.write('a-paste.ini')
        self.configure(self.write('a.conf'), self.write('b.conf'))
        self.assertEqual(path, pipeline.find_file())

    def test_our_own_file_is_the_last_resort(self):
        self.configure(self.write('glance-api.conf'))
        self.assertEqual('glance-api-paste.ini',
                         os.path.basename(pipeline.find_file()))

    def test_unknown_flavor(self):
        self.configure()
        self.assertRaises(RuntimeError, self.load, 'strawberry')


class TestOldFile(TestCase):

    def setUp(self):
        super().setUp()
        self.write('glance-api-paste.ini', _OLD_FILE)
        self.configure(self.write('glance-api.conf'))

    def test_without_flavor(self):
        self.load()
        self.assertEqual(300, self.get('/').status_int)
        self.assertEqual(200, self.get('/v2/images').status_int)
        self.assertEqual(300, self.get('/v1/images').status_int)
        self.assertEqual(200, self.get('/healthcheck').status_int)

    def test_profiler_needs_its_option(self):
        self.load()
        self.assertIs(False, web._ENABLED)

    def test_trusted_proxy(self):
        self.load('trusted-auth+cachemanagement')
        self.assertEqual(401, self.get('/v2/images').status_int)
        self.assertEqual(200, self.get('/v2/images', **_ADMIN).status_int)


class TestFactoryFile(TestCase):

    def setUp(self):
        super().setUp()
        self.write('glance-api-paste.ini', _FACTORY_FILE)
        self.configure(self.write('glance-api.conf'))

    def test_without_flavor(self):
        self.load()
        self.assertEqual(300, self.get('/').status_int)
        self.assertEqual(200, self.get('/v2/images').status_int)
        self.assertEqual(200, self.get('/healthcheck').status_int)

    def test_the_flavor_asks_for_a_token(self):
        self.load('keystone')
        self.assertEqual(300, self.get('/').status_int)
        self.assertEqual(401, self.get('/v2/images').status_int)
        self.assertEqual(200, self.get('/healthcheck').status_int)

    def test_flavor_that_it_has_not(self):
        error = self.assertRaises(errors.ConfigurationError, self.load,
                                  'caching')
        self.assertIn('flavor = caching', str(error))


class TestMistakes(TestCase):

    def test_said_as_one(self):
        for old, new in (('glance.api:root', 'glance.apu:root'),
                         ('osprofiler.web:WsgiMiddleware', 'osprofiler.web:X'),
                         ('[composite:rootapp]', '[composite:roofapp]'),
                         ('[app:apiversions]', 'nonsense'),
                         ('Healthcheck.factory', 'nothing')):
            self.write('glance-api-paste.ini', _OLD_FILE.replace(old, new))
            self.configure(self.write('glance-api.conf'))
            self.assertRaises(errors.ConfigurationError, self.load)

    def test_an_open_door_is_told_of_once(self):
        context._warn_of_open_door.cache_clear()
        log = self.useFixture(fixtures.FakeLogger())
        self.configure()
        for flavor, count in (('keystone', 0), ('trusted-auth', 0), (None, 1),
                              ('caching', 1)):
            self.load(flavor)
            self.assertEqual(count, log.output.count('is an administrator'))


class TestOurFile(TestCase):

    def setUp(self):
        super().setUp()
        self.configure()

    def test_every_flavor_loads(self):
        users = self.write('users')
        self.conf.config(group='oslo_middleware',
                         http_basic_auth_user_file=users)
        for flavor in (None, 'caching', 'cachemanagement', 'keystone',
                       'keystone+caching', 'keystone+cachemanagement',
                       'trusted-auth', 'trusted-auth+cachemanagement',
                       'standalone', 'http_basic'):
            self.load(flavor)
            self.assertEqual(300, self.get('/').status_int, flavor)
            self.assertEqual(200, self.get('/versions').status_int, flavor)
            self.assertEqual(200, self.get('/healthcheck').status_int)
            ready = self.get('/healthcheck/ready')
            self.assertEqual(503, ready.status_int)
            self.assertIn('No registry answers.', ready.text)

    def test_no_token(self):
        for flavor in ('keystone', 'http_basic'):
            self.conf.config(group='oslo_middleware',
                             http_basic_auth_user_file=self.write('users'))
            self.load(flavor)
            for path in ('/v2/images', '/v2/nonsense', '/v2.0/images'):
                response = self.get(path)
                self.assertEqual(401, response.status_int)
                self.assertIn('x-openstack-request-id', response.headers)

    def test_identity_headers_from_outside_are_dropped(self):
        self.load('keystone')
        self.assertEqual(401, self.get('/v2/images', **_ADMIN).status_int)

    def test_everywhere_a_request_id_and_nosniff(self):
        self.load('standalone')
        for path in ('/', '/healthcheck', '/v2', '/v2/nope', '/v2/images'):
            response = self.get(path)
            self.assertIn('x-openstack-request-id', response.headers, path)
            self.assertEqual('nosniff',
                             response.headers['X-Content-Type-Options'])

    def test_a_missing_slash_is_redirected(self):
        self.load('standalone')
        response = self.get('/v2')
        self.assertEqual(302, response.status_int)
        self.assertEqual('http://localhost/v2/', response.location)

    def test_behind_a_proxy(self):
        self.configure(self.write('glance-api.conf', """
[oslo_middleware]
enable_proxy_headers_parsing = true
"""))
        self.load()
        response = self.get('/', X_Forwarded_Proto='https',
                            X_Forwarded_Host='images.example')
        self.assertEqual('https://images.example/v2/',
                         response.json['versions'][0]['links'][0]['href'])

    def test_no_proxy_says_who_is_on_this_host(self):
        self.configure(self.write('glance-api.conf', """
[oslo_middleware]
enable_proxy_headers_parsing = true
"""))
        self.load('standalone')
        response = self.get('/v2/images', peer='10.0.0.1',
                            X_Forwarded_For='127.0.0.1')
        self.assertEqual(403, response.status_int)

    def test_an_image_is_shown_through_the_pipeline(self):
        self.load('standalone')
        response = self.get('/v2/images/' + _IMAGE)
        self.assertEqual(200, response.status_int)
        self.assertEqual(_IMAGE, response.json['id'])


class TestCors(TestCase):

    ORIGIN = 'https://horizon.example'

    def preflight(self, origin):
        return self.get('/v2/images/%s/file' % _IMAGE, 'OPTIONS',
                        Origin=origin, Access_Control_Request_Method='PUT',
                        Access_Control_Request_Headers='content-type,'
                                                       'x-auth-token')

    def test_honoured_from_any_file(self):
        cors = self.write('cors.conf', '[cors]\nallowed_origin = %s\n'
                          % self.ORIGIN)
        for files in ([cors, self.write('glance-api.conf')],
                      [self.write('glance-api.conf'), cors]):
            self.configure(*files)
            self.load('keystone')
            response = self.preflight(self.ORIGIN)
            self.assertEqual(
                self.ORIGIN, response.headers['Access-Control-Allow-Origin'])
            self.assertEqual(
                'PUT', response.headers['Access-Control-Allow-Methods'])
            self.assertEqual(
                'content-type,x-auth-token',
                response.headers['Access-Control-Allow-Headers'])

    def test_nothing_for_others(self):
        self.configure(self.write('glance-api.conf',
                                  '[cors]\nallowed_origin = %s\n'
                                  % self.ORIGIN))
        self.load('standalone')
        for response in (self.preflight('https://evil.example'),
                         self.get('/', Origin='https://evil.example')):
            self.assertNotIn('Access-Control-Allow-Origin', response.headers)

    def test_readable_headers(self):
        self.configure(self.write('glance-api.conf',
                                  '[cors]\nallowed_origin = %s\n'
                                  % self.ORIGIN))
        self.load('standalone')
        response = self.get('/', Origin=self.ORIGIN)
        self.assertIn('X-OpenStack-Request-ID',
                      response.headers['Access-Control-Expose-Headers'])
