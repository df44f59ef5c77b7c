"""What an import is to do, seen under the row lock of its image."""

from collections.abc import Sequence

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.durable import stages
from glance.db.images import locations
from glance.db.images import quotas
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import quota
from glance.objects import states
from glance.objects import task as task_types

_Repairs = Sequence[tuple[location_types.Location, location_types.Where]]


def check_status(image: image_types.Record, wanted: str) -> None:
    """:raises Conflict: this import is for images of another status"""
    if image['status'] != wanted:
        raise exceptions.Conflict(
            'Image %s is %s; this import needs an image that is %s.'
            % (image['id'], image['status'], wanted))


def repair(conn: sa.Connection, image: image_types.Record,
           repairs: _Repairs) -> None:
    """Write down what the caller knows of old locations."""
    for location in image['locations']:
        for old, new in repairs:
            if location == old and old['status'] == states.LOCATION_ACTIVE:
                location.update({**new})
                locations.replace(conn, old['id'], status=old['status'],
                                  **new)


def missing(image: image_types.Record,
            plan: task_types.ImportPlan) -> list[str]:
    """The stores of a plan that do not hold the image yet.

    :raises BadRequest: one that was named holds it
    """
    held = set(map(location_types.store_of, image['locations']))
    for store_id in plan['stores']:
        if store_id in held and not plan['skips_held']:
            raise exceptions.BadRequest(
                'Image %s is in store %s already.' % (image['id'], store_id))
    return [one for one in plan['stores'] if one not in held]


def planned(conn: sa.Connection, image: image_types.Record,
            plan: task_types.ImportPlan,
            stores: Sequence[str]) -> task_types.Planned:
    """The plan with what only the database knows, staged data taken over."""
    found: task_types.Planned = {
        'kind': plan['kind'], 'input': dict(plan['input'], stores=stores),
        'project_id': image['owner'],
        'store_bytes': (image['size'] or 0) * len(stores)}
    if _is_staged(found):
        unit = stages.take(conn, image['id'])
        found['input']['staged'] = unit and unit['input']
        found['host'] = unit and unit['host']
        found['stage_bytes'] = 0    # counted by the image's own size
    return found


def check_limits(conn: sa.Connection, plan: task_types.Planned,
                 limits: quota.Limits | None) -> None:
    """:raises LimitExceeded: the project of the image may not have more"""
    wanted = {'image_size_total': plan['store_bytes']}
    if not _is_staged(plan):
        wanted['image_stage_total'] = 0
        wanted['image_count_uploading'] = 1
    quotas.check(conn, plan['project_id'], limits, **wanted)


def _is_staged(plan: task_types.Planned) -> bool:
    return plan['input']['method'] == 'glance-direct'
