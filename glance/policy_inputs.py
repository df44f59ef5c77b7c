"""What a policy rule can see: the attributes that its check tree names."""

import ast
import re

from oslo_policy import _checks as checks

_TARGET_KEY = re.compile(r'%\(([^)]+)\)')


def credentials(ctxt):
    """The caller as rules see it; roles of a service token stay apart."""
    values = dict(ctxt.to_policy_values().items())
    values['is_admin'] = ctxt.is_admin
    values['tenant'] = ctxt.project_id
    values['user'] = ctxt.user_id
    return values


class Inputs:
    """The names a rule reads, and the memo key made of their values.

    :ivar rules: names of the rule and of those it refers to
    :ivar complete: False when a check asks somebody else (http:, plugins), so
                    that its answer cannot be remembered
    """

    def __init__(self):
        self.rules = set()
        self.caller = set()
        self.target = set()
        self.complete = True

    def key(self, rule, ctxt, target):
        return (rule, tuple(ctxt.roles), ctxt.system_scope, ctxt.domain_id,
                self._seen_of_caller(ctxt),
                tuple([str(target[name]) if name in target else None
                       for name in self.target]))

    def _seen_of_caller(self, ctxt):
        if self.caller == {'project_id'}:
            return ctxt.project_id
        if not self.caller:
            return None
        values = credentials(ctxt)
        return tuple([str(values[name]) if name in values else None
                      for name in sorted(self.caller)])


def of(rules, name):
    """The inputs of a rule with everything it refers to.

    :param rules: {name: check tree} of oslo.policy, where an unknown name
                  stands for the default rule
    """
    inputs = Inputs()
    _visit_rule(rules, name, inputs)
    return inputs


def _visit_rule(rules, name, inputs):
    if name in inputs.rules:
        return
    inputs.rules.add(name)
    try:
        check = rules[name]
    except KeyError:
        return
    _visit(check, rules, inputs)


def _visit(check, rules, inputs):
    if isinstance(check, (checks.AndCheck, checks.OrCheck)):
        for part in check.rules:
            _visit(part, rules, inputs)
    elif isinstance(check, checks.NotCheck):
        _visit(check.rule, rules, inputs)
    elif isinstance(check, checks.RuleCheck):
        _visit_rule(rules, check.match, inputs)
    elif isinstance(check, (checks.RoleCheck, checks.GenericCheck)):
        _visit_leaf(check, inputs)
    elif not isinstance(check, (checks.TrueCheck, checks.FalseCheck)):
        inputs.complete = False


def _visit_leaf(check, inputs):
    inputs.target.update(_TARGET_KEY.findall(check.match))
    if isinstance(check, checks.GenericCheck) and not _is_literal(check.kind):
        inputs.caller.add(check.kind.split('.')[0])


def _is_literal(text):
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True
