"""OSSA-2013-027: whoever asked got a cached image, whatever the policy."""

import os

import yaml

from glance import policy
from tests.functional.cache import base


class TestPolicy(base.TestCase):

    def statuses(self):
        return [self.get(**kwargs).status_int for kwargs in (
            {}, {'roles': 'reader'}, {'project': 'p2'})]

    def test_cached_or_not(self):
        before = self.statuses()
        self.assertEqual([200, 403, 404], before)
        self.cached()
        self.assertEqual(before, self.statuses())
        self.assertEqual([0], self.gate.opened)

    def test_rule_of_the_operator(self):
        self.cached()
        path = os.path.join(self.service.state, 'policy.yaml')
        with open(path, 'w') as file:
            yaml.safe_dump({'download_image': 'role:auditor'}, file)
        self.service.conf.config(group='oslo_policy', policy_file=path)
        policy.reset()
        self.assertEqual([403, 403, 404], self.statuses())
        self.assertEqual(200, self.get(roles='reader,auditor').status_int)

    def test_member_who_is_none_any_more(self):
        members = '/v2/images/%s/members' % self.image_id
        self.service.call('POST', members, {'member': 'p2'})
        self.cached()
        self.assertEqual(200, self.get(project='p2').status_int)
        self.service.call('DELETE', members + '/p2')
        self.assertEqual(404, self.get(project='p2').status_int)
