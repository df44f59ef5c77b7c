"""A filter around an application that tells what it has got."""

from oslo_config import fixture as config_fixture
from oslotest import base
import webob

from glance.api import request
from glance.conf import CONF
from glance import policy


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        policy.reset()
        self.addCleanup(policy.reset)

    def inner(self, environ, start_response):
        self.environ = environ
        start_response('200 OK', [('Content-Length', '0')])
        return [b'']

    def call(self, app, path='/v2/images', **environ):
        """:returns: webob.Response"""
        self.environ = None
        req = webob.Request.blank(path)
        req.environ['REMOTE_ADDR'] = '127.0.0.1'
        req.environ.update(environ)
        return req.get_response(app)

    def context(self, app, **environ):
        """:returns: the caller, as the application sees it"""
        response = self.call(app, **environ)
        self.assertEqual(200, response.status_int)
        return self.environ[request.CONTEXT]
