"""Callers made of headers."""

import webob

from glance.api.middleware import context
from tests.unit.api.middleware import base

CONFIRMED = {
    'HTTP_X_IDENTITY_STATUS': 'Confirmed', 'HTTP_X_USER_ID': 'u1',
    'HTTP_X_PROJECT_ID': 'p1', 'HTTP_X_ROLES': 'Member, READER,',
    'HTTP_X_SERVICE_ROLES': 'Service',
    'HTTP_X_SERVICE_CATALOG': '[{"type": "image"}]',
    'openstack.request_id': 'req-1'}


class TestConfirmed(base.TestCase):

    def setUp(self):
        super().setUp()
        self.app = context.ContextMiddleware.factory({})(self.inner)

    def test_the_headers_say_who_the_caller_is(self):
        ctxt = self.context(self.app, **CONFIRMED)
        self.assertEqual(('u1', 'p1', 'req-1'),
                         (ctxt.user_id, ctxt.project_id, ctxt.request_id))
        self.assertEqual(['member', 'reader'], ctxt.roles)
        self.assertEqual(['service'], ctxt.service_roles)
        self.assertEqual([{'type': 'image'}], ctxt.service_catalog)
        self.assertFalse(ctxt.is_admin)
        self.assertFalse(ctxt.read_only)

    def test_admin_by_policy(self):
        self.assertTrue(self.context(self.app, **dict(
            CONFIRMED, HTTP_X_ROLES='Admin')).is_admin)
        self.assertFalse(self.context(self.app, **dict(
            CONFIRMED, HTTP_X_SERVICE_ROLES='admin')).is_admin)

    def test_filters_of_operators_find_the_caller(self):
        self.context(self.app, **CONFIRMED)
        self.assertEqual('p1',
                         webob.Request(self.environ).context.project_id)

    def test_without_a_confirmed_identity_it_is_401(self):
        for status in ({}, {'HTTP_X_IDENTITY_STATUS': 'Invalid'}):
            response = self.call(self.app, **dict(
                CONFIRMED, HTTP_X_IDENTITY_STATUS='', **{}) | status)
            self.assertEqual(401, response.status_int)
            self.assertIsNone(self.environ)

    def test_an_anonymous_caller_may_only_read(self):
        self.conf.config(allow_anonymous_access=True)
        ctxt = self.context(self.app, HTTP_X_ROLES='admin',
                            HTTP_X_PROJECT_ID='p1')
        self.assertTrue(ctxt.read_only)
        self.assertFalse(ctxt.is_admin)
        self.assertEqual([], ctxt.roles)
        self.assertIsNone(ctxt.project_id)

    def test_broken_catalog(self):
        response = self.call(self.app, **dict(
            CONFIRMED, HTTP_X_SERVICE_CATALOG='{'))
        self.assertEqual(400, response.status_int)


class TestUnauthenticated(base.TestCase):

    def test_headers_of_the_client_mean_nothing(self):
        app = context.UnauthenticatedContextMiddleware.factory({})(self.inner)
        ctxt = self.context(app, **CONFIRMED)
        self.assertTrue(ctxt.is_admin)
        self.assertIsNone(ctxt.user_id)
        self.assertIsNone(ctxt.project_id)
        self.assertIn('admin', ctxt.roles)
        self.assertEqual([], ctxt.service_roles)
