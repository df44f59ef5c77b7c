"""Rules of image members: the projects an image is shared with."""

from oslo_policy import policy

from glance.policies import base

_OWNER_OR_MEMBER = ('rule:context_is_admin or role:reader and '
                    '(project_id:%(project_id)s or project_id:%(member_id)s)')
_MEMBER = 'rule:context_is_admin or (role:member and project_id:%(member_id)s)'
_ONE = '/v2/images/{image_id}/members/{member_id}'
_ALL = '/v2/images/{image_id}/members'
_OLD = 'rule:default'


def list_rules() -> list[policy.RuleDefault]:
    return [
        base.rule('add_member', base.ADMIN_OR_PROJECT_MEMBER,
                  'Share an image with a project.', 'POST ' + _ALL, was=_OLD),
        base.rule('delete_member', base.ADMIN_OR_PROJECT_MEMBER,
                  'Stop sharing an image with a project.', 'DELETE ' + _ONE,
                  was=_OLD),
        base.rule('get_member', _OWNER_OR_MEMBER,
                  'Show one member of an image.', 'GET ' + _ONE, was=_OLD),
        base.rule('get_members', _OWNER_OR_MEMBER,
                  'List the members of an image.', 'GET ' + _ALL, was=_OLD),
        base.rule('modify_member', _MEMBER,
                  'Accept or reject an image that is shared with the caller.',
                  'PUT ' + _ONE, was=_OLD),
    ]
