"""Which files are changed, and which tests have to notice."""

import collections

# What is nothing but RabbitMQ is tested with one, in tests/functional/bus.
_WITH_A_BROKER = ('glance/rpc/broker.py', 'glance/rpc/rabbit.py')

Room = collections.namedtuple('Room', 'files tests')


def _room(*names, also=()):
    return Room(['glance/' + name for name in names],
                ['tests/unit/' + name for name in names + also])


ROOMS = {
    'policy': Room(
        ['glance/policy.py', 'glance/policy_inputs.py', 'glance/policies'],
        ['tests/unit/test_policy.py', 'tests/unit/policies']),
    'objects': _room('objects'),
    # Most statements are tested through the endpoints that use them.
    'db': _room('db', also=('registry', 'notifications')),
    'registry': _room('registry'),
    'rpc': _room('rpc'),
    'conductor': _room('conductor'),
}


def files(root, name):
    """:param root: pathlib.Path of the tree
    :returns: the pathlib.Path of each file of a room that may be changed
    """
    left_out = {root / path for path in _WITH_A_BROKER}
    for path in ROOMS[name].files:
        path = root / path
        found = sorted(path.glob('**/*.py')) if path.is_dir() else [path]
        yield from (one for one in found if one not in left_out)
