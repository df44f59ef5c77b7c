"""What each `glance-manage bus` action does: queues that nobody reads go."""

import re
import sys

from glance.cache import maintainer
from glance.cmd.manage_actions import Action
from glance.cmd.manage_actions import Option
from glance.conf import CONF
from glance.notifications import bus
from glance.rpc import broker

_PRIORITIES = ('info', 'error')


def _topics():
    return [CONF.registry.topic, CONF.conductor.topic, maintainer.TOPIC]


def _notifications():
    bus.register_opts(CONF)
    return ['%s.%s' % (topic, priority) for topic
            in CONF.oslo_messaging_notifications.topics
            for priority in _PRIORITIES]


def _leftovers(path):
    """Names in a file that are of servers and processes of ours."""
    with sys.stdin if path == '-' else open(path) as file:
        names = [line.split()[0] for line in file if line.split()]
    topics = '|'.join(map(re.escape, _topics()))
    ours = re.compile(r'(%s)(\.\S+:\d+|_fanout_\S+)' % topics)
    return [name for name in names if ours.fullmatch(name)]


def show(names=None):
    wanted = _topics() + _notifications()
    for name in wanted + (_leftovers(names) if names else []):
        found = broker.look_up(name)
        print('%s: %s' % (name, 'not there' if found is None else
                          '%s messages, readers: %s' % found))


def clean(names):
    """Whatever has a reader or a message stays."""
    removed = 0
    for name in _leftovers(names):
        if broker.look_up(name) == (0, 0):
            broker.remove_queue(name)
            removed += 1
    print('%d queues removed.' % removed)


def remove_queue(name, force=False):
    broker.remove_queue(name, force)
    print('The queue %s is removed.' % name)


def remove_exchange(name, force=False):
    broker.remove_exchange(name, force)
    print('The exchange %s is removed.' % name)


_NAMES = Option('names', {'metavar': 'FILE'})
_NAME = Option('name', {'metavar': 'NAME'})
_FORCE = Option('force', {'action': 'store_true'})

ACTIONS = (
    Action('list', show, 'Print messages and readers of the queues; also of '
           'those of single processes in a list of rabbitmqctl, - for the '
           'standard input.', (_NAMES,)),
    Action('clean', clean, 'Remove the queues in such a list that processes '
           'of earlier releases have left.', (_NAMES,)),
    Action('remove_queue', remove_queue, 'Remove a queue, for instance one '
           'that is of another type than configured; the services declare it '
           'anew.', (_NAME, _FORCE)),
    Action('remove_exchange', remove_exchange, 'Remove an exchange that no '
           'queue is bound to.', (_NAME, _FORCE)),
)
