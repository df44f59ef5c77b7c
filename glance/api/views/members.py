"""What clients see of members."""


def show(member):
    return {'image_id': member['image_id'],
            'member_id': member['member_id'],
            'status': member['status'],
            'created_at': member['created_at'],
            'updated_at': member['updated_at'],
            'schema': '/v2/schemas/member'}


def list_(members):
    return {'members': [show(member) for member in members],
            'schema': '/v2/schemas/members'}
