"""Users and passwords of a file."""

import base64
import os
from unittest import mock

import bcrypt
from oslo_middleware import basic_auth as oslo_basic_auth
from oslo_middleware import exceptions as oslo_exceptions

from glance.api.middleware import basic_auth
from tests.unit.api.middleware import base


def line(user, password):
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=4))
    return '%s:%s\n' % (user, hashed.decode())


def header(user, password):
    pair = ('%s:%s' % (user, password)).encode()
    return 'Basic ' + base64.b64encode(pair).decode()


class TestBasicAuth(base.TestCase):

    def setUp(self):
        super().setUp()
        self.path = self.create_tempfiles(
            [('users', line('ann', 'secret'))], ext='')[0]
        self.conf.config(http_basic_auth_user_file=self.path,
                         group='oslo_middleware')
        self.app = basic_auth.BasicAuthContextMiddleware.factory({})(
            self.inner)

    def test_only_the_password_tells_who_it_is(self):
        ctxt = self.context(self.app, HTTP_X_USER_ID='eve',
                            HTTP_AUTHORIZATION=header('ann', 'secret'))
        self.assertEqual('ann', ctxt.user_id)
        self.assertTrue(ctxt.is_admin)
        self.assertNotIn('HTTP_AUTHORIZATION', self.environ)

    def test_bad_credentials_are_refused_with_a_challenge(self):
        for value in ('', 'Basic', 'Basic !!!', 'Bearer x', 'Basic YQ==',
                      header('ann', 'wrong'), header('bob', 'secret'),
                      header('', ''), header('ann', ''), 'Basic \xff'):
            response = self.call(self.app, HTTP_AUTHORIZATION=value)
            self.assertEqual(401, response.status_int, value)
            self.assertIn('Basic', response.headers['WWW-Authenticate'])
            self.assertIsNone(self.environ)

    def test_the_slow_check_is_made_once(self):
        with mock.patch.object(
                oslo_basic_auth, 'authenticate', autospec=True,
                side_effect=oslo_basic_auth.authenticate) as check:
            for _time in range(3):
                self.context(self.app,
                             HTTP_AUTHORIZATION=header('ann', 'secret'))
        self.assertEqual(1, check.call_count)

    def test_a_new_password_counts_at_once(self):
        self.context(self.app, HTTP_AUTHORIZATION=header('ann', 'secret'))
        with open(self.path + '.new', 'w', encoding='utf-8') as users:
            users.write(line('ann', 'changed'))
        os.rename(self.path + '.new', self.path)
        self.assertEqual(401, self.call(
            self.app,
            HTTP_AUTHORIZATION=header('ann', 'secret')).status_int)
        self.context(self.app, HTTP_AUTHORIZATION=header('ann', 'changed'))

    def test_no_file(self):
        self.conf.config(http_basic_auth_user_file='/no/such/file',
                         group='oslo_middleware')
        self.assertRaises(oslo_exceptions.ConfigInvalid,
                          basic_auth.BasicAuthContextMiddleware, self.inner)
