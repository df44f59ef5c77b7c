"""The rules: their defaults, and that each closes the operations it names."""

import re

from oslotest import base

from glance import policies
from tests.contract import cases
from tests.contract.cases import base as cases_base
from tests.contract.cases import everywhere
from tests.contract import contract
from tests.contract import world
from tests.unit.policies import test_rules

# A task cannot be deleted by anybody.
REFUSALS = (403, 404, 405)
SHOW = ('GET', '/v2/images/{}')


def _shape(verb, path):
    return verb, re.sub('{.*?}', '{}', path)


def _described(rule):
    """What operators' files rely on, from a fact of the contract."""
    older = rule.get('deprecated')
    return {'check_str': ' '.join(rule['check_str'].split()),
            'scope_types': rule['scope_types'],
            'deprecated': older and tuple(
                older[name] for name in ('name', 'check_str', 'since')),
            'operations': {(one['method'], one['path'])
                           for one in rule.get('operations', ())}}


def _registered(rule):
    older = rule.deprecated_rule
    return {'check_str': rule.check_str, 'scope_types': rule.scope_types,
            'deprecated': older and (older.name, older.check_str,
                                     older.deprecated_since),
            'operations': {(one['method'], one['path'])
                           for one in getattr(rule, 'operations', ())}}


class TestDefaults(base.BaseTestCase):

    def test_both_ways(self):
        self.assertEqual(
            {rule['name']: _described(rule)
             for rule in contract.load('policies')['rules']},
            {rule.name: _registered(rule) for rule in policies.list_rules()
             if rule.name not in test_rules.OURS})


class TestRefusals(base.BaseTestCase):
    """Who may do everything else may not do what one rule is for."""

    def setUp(self):
        super().setUp()
        self.world = self.useFixture(world.World(
            world.Several(conductor=False)))
        self.cases = {}
        for case in cases.all_cases():
            if not case.row.startswith(everywhere.NAME):
                key = _shape(case.verb, case.path)
                self.cases.setdefault(key, []).append(case)

    def pairs(self):
        """{(rule, operation): whether it only takes something out}"""
        found = {('get_image_location', SHOW): True}
        for one in contract.operations():
            for text in one.facts['policies']:
                rule, _space, when = text.partition(' ')
                found[rule, _shape(one.verb, one.path)] = '(per' in when
        for rule in contract.load('policies')['rules']:
            for one in rule.get('operations', ()):
                found.setdefault((rule['name'], _shape(
                    one['method'], one['path'])), False)
        return found

    def denied(self, rule, operation):
        """Requests that the rule alone closes."""
        own = [case for case in self.cases[operation]
               if case.request.get('denied') == rule]
        first = self.cases[operation][0]
        return own or [cases_base.Case(
            '', first.operation, 403, dict(first.request, denied=rule,
                                           caller='admin'))]

    def test_each_rule_closes_its_operations(self):
        wrong = []
        for (rule, operation), is_filter in sorted(self.pairs().items()):
            for case in self.denied(rule, operation):
                answer = self.world.send(case)
                right = (self.is_thinned(answer) if is_filter
                         else answer.status in REFUSALS)
                if not right:
                    wrong.append('%s %s: %d %s' % (
                        rule, operation, answer.status, answer.text))
        self.assertEqual('', '\n'.join(wrong))

    def is_thinned(self, answer):
        lists = [value for name, value in answer.json.items()
                 if isinstance(value, list) and name != 'tags']
        return answer.status == 200 and lists in ([], [[]])
