"""Rules of image locations: where in a store the data is."""

from oslo_policy import policy

from glance.policies import base

_ADD = ('rule:service_api or (role:member and '
        'project_id:%(project_id)s and project_id:%(owner)s)')
_OLD = 'rule:default'


def list_rules() -> list[policy.RuleDefault]:
    return [
        base.rule('get_image_location', base.ADMIN_OR_PROJECT_READER,
                  'See the locations of an image when it is shown.',
                  'GET /v2/images/{image_id}', was=_OLD),
        base.rule('set_image_location', base.ADMIN_OR_PROJECT_MEMBER,
                  'Set or replace locations by a patch.',
                  'PATCH /v2/images/{image_id}', was=_OLD),
        base.rule('delete_image_location', base.ADMIN,
                  'Remove a location by a patch.',
                  'PATCH /v2/images/{image_id}', was=_OLD),
        base.rule('add_image_location', _ADD,
                  'Add a location to a queued image.',
                  'POST /v2/images/{image_id}/locations'),
        base.rule('fetch_image_location', 'rule:service_api',
                  'Fetch the locations of an image.',
                  'GET /v2/images/{image_id}/locations'),
    ]
