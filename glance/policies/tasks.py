"""Rules of tasks."""

from oslo_policy import policy

from glance.policies import base

_DEFAULT = 'rule:default'
_ALL = '/v2/tasks'
_ONE = '/v2/tasks/{task_id}'


def list_rules() -> list[policy.RuleDefault]:
    return [
        base.rule('tasks_api_access', base.ADMIN,
                  'Reach the tasks calls at all.',
                  'GET ' + _ONE, 'GET ' + _ALL, 'POST ' + _ALL,
                  'DELETE ' + _ONE),
        base.rule('add_task', _DEFAULT, 'Create a task.', 'POST ' + _ALL,
                  was=_DEFAULT, since='X'),
        base.rule('get_task', _DEFAULT, 'Show one task.', 'GET ' + _ONE,
                  was=_DEFAULT, since='X'),
        base.rule('get_tasks', _DEFAULT, 'List tasks.', 'GET ' + _ALL,
                  was=_DEFAULT, since='X'),
        policy.DocumentedRuleDefault(
            'modify_task', _DEFAULT, 'Decides nothing.',
            [{'method': 'DELETE', 'path': _ONE}], scope_types=['project'],
            deprecated_for_removal=True, deprecated_since='W',
            deprecated_reason='No call changes a task.'),
    ]
