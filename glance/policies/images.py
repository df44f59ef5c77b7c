"""Rules of images: metadata, state and data."""

from oslo_policy import policy

from glance.policies import base

_VISIBLE = ("(project_id:%(project_id)s or project_id:%(member_id)s or "
            "'community':%(visibility)s or 'public':%(visibility)s or "
            "'shared':%(visibility)s)")
_READ = 'rule:context_is_admin or (role:reader and %s)' % _VISIBLE
_DOWNLOAD = 'rule:context_is_admin or (role:member and %s)' % _VISIBLE
_CREATE = ('rule:context_is_admin or (role:member and '
           'project_id:%(project_id)s and project_id:%(owner)s)')
_OLD = 'rule:default'


def list_rules() -> list[policy.RuleDefault]:
    return _metadata() + _visibility() + _data()


def _metadata() -> list[policy.RuleDefault]:
    return [
        base.rule('add_image', _CREATE, 'Create an image.',
                  'POST /v2/images', was=_OLD),
        base.rule('delete_image', base.ADMIN_OR_PROJECT_MEMBER,
                  'Delete an image with its data.',
                  'DELETE /v2/images/{image_id}', was=_OLD),
        base.rule('delete_used_image', '@',
                  'Delete an image that is in use, where [usage] enabled has '
                  'it known; the answer to others is 409.',
                  'DELETE /v2/images/{image_id}'),
        base.rule('get_image', _READ, 'Show one image.',
                  'GET /v2/images/{image_id}', was=_OLD),
        base.rule('get_images', base.ADMIN_OR_PROJECT_READER, 'List images.',
                  'GET /v2/images', was=_OLD),
        base.rule('get_image_usage', base.ADMIN_OR_PROJECT_READER,
                  'Show who uses an image: to administrators all, to others '
                  'what is of their project, and how many others there are.',
                  'GET /v2/images/{image_id}/usage'),
        base.rule('modify_image', base.ADMIN_OR_PROJECT_MEMBER,
                  'Change attributes, properties and tags of an image.',
                  'PATCH /v2/images/{image_id}', was=_OLD),
        base.rule('deactivate', base.ADMIN_OR_PROJECT_MEMBER,
                  'Stop downloads of an image.',
                  'POST /v2/images/{image_id}/actions/deactivate', was=_OLD),
        base.rule('reactivate', base.ADMIN_OR_PROJECT_MEMBER,
                  'Allow downloads of a deactivated image again.',
                  'POST /v2/images/{image_id}/actions/reactivate', was=_OLD),
    ]


def _visibility() -> list[policy.RuleDefault]:
    return [
        base.rule('publicize_image', base.ADMIN,
                  'Create a public image or make an image public.',
                  'PATCH /v2/images/{image_id}'),
        base.rule('communitize_image', base.ADMIN_OR_PROJECT_MEMBER,
                  'Create a community image or make an image one.',
                  'PATCH /v2/images/{image_id}', was=_OLD),
    ]


def _data() -> list[policy.RuleDefault]:
    return [
        base.rule('download_image', _DOWNLOAD, 'Download image data.',
                  'GET /v2/images/{image_id}/file', was=_OLD),
        base.rule('download_from_store', _DOWNLOAD,
                  'Name the store that a download shall come from.',
                  'GET /v2/images/{image_id}/file'),
        base.rule('upload_image', base.ADMIN_OR_PROJECT_MEMBER,
                  'Upload image data.',
                  'PUT /v2/images/{image_id}/file', was=_OLD),
        base.rule('copy_image', base.ADMIN,
                  'Copy the data of an image to further stores.',
                  'POST /v2/images/{image_id}/import'),
    ]
