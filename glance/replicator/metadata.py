"""What of an image is carried to another service."""

_IGNORED = frozenset((
    'checksum', 'created_at', 'direct_url', 'file', 'id', 'locations',
    'os_hash_algo', 'os_hash_value', 'os_last_used_at', 'os_usage_count',
    'schema', 'self', 'size', 'status', 'stores', 'updated_at',
    'virtual_size'))
_RESERVED = 'os_glance_'
_DATA = ('status', 'size', 'os_hash_value')


def carried(image, skipped):
    """Attributes and properties that the other service gets.

    :param skipped: names the user does not want
    """
    return {name: value for name, value in image.items()
            if name not in _IGNORED and name not in skipped
            and not name.startswith(_RESERVED)}


def differences(source, target, skipped, with_data=True):
    """:returns: [(name, value of the source, value of the target)]"""
    ours, theirs = carried(source, skipped), carried(target, skipped)
    if with_data:
        for name in _DATA:
            ours[name], theirs[name] = source.get(name), target.get(name)
    for image in (ours, theirs):
        image['tags'] = sorted(image.get('tags', []))
    return [(name, ours.get(name), theirs.get(name))
            for name in sorted(ours.keys() | theirs.keys())
            if ours.get(name) != theirs.get(name)]


def patch(source, target, skipped):
    """The operations that make the metadata of the target the source's."""
    theirs = carried(target, skipped)
    operations = []
    for name, value, _old in differences(source, target, skipped, False):
        path = '/' + name.replace('~', '~0').replace('/', '~1')
        if name not in source:
            operations.append({'op': 'remove', 'path': path})
        else:
            verb = 'replace' if name in theirs else 'add'
            operations.append({'op': verb, 'path': path, 'value': value})
    return operations
