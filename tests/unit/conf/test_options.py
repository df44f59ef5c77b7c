"""The registered options against the facts configuration files rely on."""

import os

from oslotest import base
import yaml

from glance.conf import CONF

_FACTS = os.path.join(os.path.dirname(__file__), '..', '..', 'data',
                      'contract', 'options.yaml')
# Options of command line tools, which register them by themselves, and of
# library groups.
_ELSEWHERE = ('glance-replicator', 'glance-control', 'glance-status',
              'not listed', 'trust helper')
_COMMAND_LINE = ('daemon', 'restore')


def _registered(group, name):
    known = (CONF._opts if group == 'DEFAULT'
             else CONF._groups[group]._opts)
    return known[name]['opt']


class TestOptions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        with open(_FACTS, encoding='utf-8') as facts:
            options = yaml.safe_load(facts)['glance_options']
        self.facts = [fact for fact in options if not _is_elsewhere(fact)]

    def _compare(self, expected, seen):
        for fact in self.facts:
            opt = _registered(fact['group'], fact['name'])
            self.assertEqual(expected(fact), seen(opt), fact['name'])

    def test_enough_facts(self):
        self.assertGreater(len(self.facts), 60)

    def test_defaults_are_those_of_the_contract(self):
        self._compare(lambda fact: fact['default'], lambda opt: opt.default)

    def test_bounds_are_those_of_the_contract(self):
        for bound in ('min', 'max'):
            self._compare(lambda fact: fact.get(bound),
                          lambda opt: getattr(opt.type, bound, None) or None)

    def test_choices_are_those_of_the_contract(self):
        self._compare(lambda fact: sorted(fact.get('choices', [])),
                      lambda opt: sorted(getattr(opt.type, 'choices', None)
                                         or []))

    def test_secrets_are_those_of_the_contract(self):
        self._compare(lambda fact: fact.get('secret', False),
                      lambda opt: opt.secret)

    def test_lists_with_brackets(self):
        self._compare(
            lambda fact: isinstance(fact['type'], dict)
            and fact['type'].get('bounds', False),
            lambda opt: getattr(opt.type, 'bounds', False))

    def test_older_names(self):
        for fact in self.facts:
            opt = _registered(fact['group'], fact['name'])
            older = ['%s/%s' % (name.group, name.name or opt.name)
                     for name in opt.deprecated_opts]
            self.assertEqual(fact.get('deprecated_names', []), older)

    def test_every_option_has_help(self):
        for fact in self.facts:
            opt = _registered(fact['group'], fact['name'])
            self.assertTrue(opt.help and opt.help.strip(), fact['name'])


def _is_elsewhere(fact):
    if fact['name'] in _COMMAND_LINE:
        return True
    return any(text in used for used in fact['used_by']
               for text in _ELSEWHERE)
