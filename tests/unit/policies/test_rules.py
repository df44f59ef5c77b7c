"""The default rules against the facts operators' files rely on."""

import os

from oslo_policy import policy as oslo_policy
from oslotest import base
import yaml

from glance import policies

_FACTS = os.path.join(os.path.dirname(__file__), '..', '..', 'data',
                      'contract', 'policies.yaml')
# Who uses an image is told by nobody else.
OURS = {'delete_used_image', 'get_image_usage'}


class TestRules(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        with open(_FACTS, encoding='utf-8') as facts:
            self.facts = yaml.safe_load(facts)
        self.rules = {rule.name: rule for rule in policies.list_rules()}

    def test_names_are_those_of_the_contract(self):
        self.assertEqual(sorted(fact['name'] for fact in self.facts['rules']),
                         sorted(self.rules.keys() - OURS))
        self.assertEqual(self.facts['counts']['rules'],
                         len(policies.list_rules()) - len(OURS))

    def test_defaults_are_those_of_the_contract(self):
        for fact in self.facts['rules']:
            rule = self.rules[fact['name']]
            self.assertEqual(' '.join(fact['check_str'].split()),
                             rule.check_str, fact['name'])
            self.assertEqual(fact['scope_types'], rule.scope_types)

    def test_older_defaults(self):
        for fact in self.facts['rules']:
            older = self.rules[fact['name']].deprecated_rule
            expected = fact.get('deprecated')
            if expected is None:
                self.assertIsNone(older, fact['name'])
                continue
            self.assertEqual(
                (expected['name'], expected['check_str'], expected['since']),
                (older.name, older.check_str, older.deprecated_since))

    def test_operations_are_those_of_the_contract(self):
        for fact in self.facts['rules']:
            rule = self.rules[fact['name']]
            self.assertEqual(
                _pairs(fact.get('operations', [])),
                _pairs(getattr(rule, 'operations', [])), fact['name'])

    def test_every_rule_is_described(self):
        for rule in self.rules.values():
            self.assertTrue(rule.description.endswith('.'), rule.name)

    def test_what_decides_nothing_says_since_when(self):
        self.assertEqual(
            [('modify_task', 'W')],
            [(rule.name, rule.deprecated_since)
             for rule in self.rules.values() if rule.deprecated_for_removal])

    def test_no_undefined_and_no_cyclic_reference(self):
        enforcer = oslo_policy.Enforcer(oslo_policy.cfg.ConfigOpts(),
                                        use_conf=False)
        enforcer.set_rules({name: rule.check
                            for name, rule in self.rules.items()})
        self.assertTrue(enforcer.check_rules())


def _pairs(operations):
    return sorted((item['method'], item['path']) for item in operations)
