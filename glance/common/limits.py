"""What a project may use: limits of the options, or of the identity service.

Whoever starts something that is limited (the API, a conductor) looks them up
for the project that owns the image, and hands them to the registry, which
checks them where it writes: no transaction waits for the identity service.

Limits are a dict {resource: number}; a resource that is not in it has no
limit. `image_size_total` and `image_stage_total` are bytes.
"""

import re

from oslo_utils import units

from glance.conf import CONF

SIZE = 'image_size_total'
STAGE = 'image_stage_total'
COUNT = 'image_count_total'
UPLOADING = 'image_count_uploading'
RESOURCES = (SIZE, STAGE, COUNT, UPLOADING)

# The identity service keeps these in MiB.
_MEBIBYTES = frozenset((SIZE, STAGE))
_UNITS = {'': 1, 'B': 1, 'KB': units.Ki, 'MB': units.Mi, 'GB': units.Gi,
          'TB': units.Ti}


def of_project(project_id, *resources):
    """The limits of a project, among the given resources.

    :param project_id: None, or an empty text, has none
    :raises ServiceUnavailable: the identity service does not answer
    :raises GlanceError: it cannot be asked as configured
    """
    if not project_id:
        return {}
    if not CONF.use_keystone_limits:
        quota = storage_quota()
        return {SIZE: quota} if quota and SIZE in resources else {}
    # Loading the client takes about a second: only where it is needed.
    from glance.common import keystone_limits
    found = keystone_limits.of_project(project_id, resources)
    return {name: limit * units.Mi if name in _MEBIBYTES else limit
            for name, limit in found.items() if limit >= 0}


def registered(project_id):
    """The limits as the identity service has them, sizes in MiB.

    :raises: as `of_project`
    """
    from glance.common import keystone_limits
    return keystone_limits.of_project(project_id, RESOURCES)


def to_unit(resource, amount):
    """:returns: bytes or a number in the unit of the identity service"""
    return amount // units.Mi if resource in _MEBIBYTES else amount


def storage_quota():
    """:returns: user_storage_quota in bytes; 0 for no limit"""
    number, unit = re.fullmatch(r'(\d+)([A-Za-z]*)',
                                CONF.user_storage_quota).groups()
    return int(number) * _UNITS[unit.upper()]
