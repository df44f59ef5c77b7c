"""The roles and expressions that the rules of every resource are made of."""

from collections.abc import Iterable

from oslo_policy import policy

ADMIN = 'rule:context_is_admin'
ADMIN_OR_PROJECT_MEMBER = (
    'rule:context_is_admin or (role:member and project_id:%(project_id)s)')
ADMIN_OR_PROJECT_READER = (
    'rule:context_is_admin or (role:reader and project_id:%(project_id)s)')

_REASON = 'The default now names a role, so that a reader can only read.'


def rule(name: str, check: str, description: str, *operations: str,
         was: str | None = None, since: str = 'W') -> policy.RuleDefault:
    """Declare the rule of an API call.

    :param operations: 'VERB /path' texts; none if it is not one call's
    :param was: older default, in force beside the new one for as long as the
                operator has not enabled the new defaults
    """
    deprecated = was and policy.DeprecatedRule(
        name=name, check_str=was, deprecated_reason=_REASON,
        deprecated_since=since)
    if not operations:
        return policy.RuleDefault(
            name=name, check_str=check, scope_types=['project'],
            description=description, deprecated_rule=deprecated)
    return policy.DocumentedRuleDefault(
        name=name, check_str=check, scope_types=['project'],
        description=description, operations=_operations(operations),
        deprecated_rule=deprecated)


def _operations(texts: Iterable[str]) -> list[dict[str, str]]:
    pairs = (text.split(' ', 1) for text in texts)
    return [{'method': verb, 'path': path} for verb, path in pairs]


def list_rules() -> list[policy.RuleDefault]:
    return [
        policy.RuleDefault(
            'default', '',
            description='Decides for every rule that is not defined.',
            deprecated_rule=policy.DeprecatedRule(
                name='default', check_str=ADMIN,
                deprecated_reason='Every rule has a default of its own now.',
                deprecated_since='Ussuri')),
        policy.RuleDefault(
            'context_is_admin', 'role:admin',
            description='Makes the caller an administrator of the service.'),
        policy.RuleDefault(
            'service_api', 'role:service or role:admin',
            description='The other services of the cloud, such as compute '
                        'and block storage.'),
    ]
