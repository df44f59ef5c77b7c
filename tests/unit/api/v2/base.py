"""Calls of the v2 application over a registry in memory."""

import json

from oslo_config import fixture as config_fixture
from oslotest import base
import webob

from glance.api import app
from glance.api import request
from glance.api import routes
from glance.api import services
from glance.common import context
from glance.conf import CONF
from glance import policy
from tests.fixtures import fake_registry

IMAGE = '71c675ab-d94f-49cd-a114-e12490b328d9'


def caller(project='p1', roles=('member', 'reader'), **kwargs):
    return context.RequestContext(project_id=project, user_id='u1',
                                  roles=list(roles), **kwargs)


ADMIN = caller('p0', ('admin', 'member', 'reader'), is_admin=True)


class TestCase(base.BaseTestCase):

    parts = {}

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        policy.reset()
        self.addCleanup(policy.reset)
        self.app = app.Application(routes.ROUTES)
        self.use(fake_registry.make_image(IMAGE))

    def use(self, *images):
        """The registry holds these images."""
        self.registry = fake_registry.FakeRegistry(*images)

    def call(self, verb, path, body=None, ctxt=None, content_type=None,
             headers=None):
        """:returns: webob.Response"""
        req = webob.Request.blank(path, method=verb, headers=headers or {})
        req.environ['SCRIPT_NAME'] = '/v2'
        req.environ['HTTP_ACCEPT'] = 'application/json'
        req.environ[request.CONTEXT] = ctxt or caller()
        if body is not None:
            req.body = body if isinstance(body, bytes) else json.dumps(
                body).encode()
            req.content_type = content_type or 'application/json'
        with services.override(registry=self.registry, **self.parts):
            return req.get_response(self.app)

    def patch(self, body, ctxt=None, version='1', image_id=IMAGE):
        return self.call(
            'PATCH', '/images/' + image_id, body, ctxt,
            'application/openstack-images-v2.%s-json-patch' % version)

    def changes(self):
        """The changes of the last images.update."""
        names = [name for name, _args in self.registry.calls]
        self.assertIn('images.update', names)
        return self.registry.calls[names.index('images.update')][1][1]
