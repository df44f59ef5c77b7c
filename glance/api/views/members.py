"""What clients see of members."""

from collections.abc import Iterable

from glance.api import views
from glance.objects import member as member_types


def show(member: member_types.Member) -> views.View:
    return {'image_id': member['image_id'],
            'member_id': member['member_id'],
            'status': member['status'],
            'created_at': member['created_at'],
            'updated_at': member['updated_at'],
            'schema': '/v2/schemas/member'}


def list_(members: Iterable[member_types.Member]) -> views.View:
    return {'members': [show(member) for member in members],
            'schema': '/v2/schemas/members'}
