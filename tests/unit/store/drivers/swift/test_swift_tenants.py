"""What a Swift with an account for each project needs beside the options."""

import types

from oslotest import base

from glance.store.drivers.swift import swift_tenants


class ProblemTestCase(base.BaseTestCase):

    def problem(self, flavor, **options):
        conf = types.SimpleNamespace(
            paste_deploy=types.SimpleNamespace(flavor=flavor))
        given = dict({'swift_store_auth_address': 'http://keystone',
                      'swift_store_user': 'service:glance',
                      'swift_store_key': 'secret'}, **options)
        return swift_tenants.problem(conf, types.SimpleNamespace(**given))

    def test_nothing_wrong(self):
        for flavor in (None, 'keystone', 'keystone+caching', 'trusted-auth'):
            self.assertIsNone(self.problem(flavor))

    def test_nobody_has_a_token(self):
        for flavor in ('standalone', 'http_basic'):
            self.assertIn('knows no Keystone', self.problem(flavor))

    def test_no_account_of_the_service(self):
        found = self.problem('keystone', swift_store_user=None,
                             swift_store_key=None)
        self.assertIn('swift_store_user, swift_store_key', found)
        self.assertNotIn('auth_address,', found)
