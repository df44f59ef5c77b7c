"""Queues and exchanges on the broker, for who looks after it.

Its protocol has no list of what there is, so names are asked for.
"""

from collections.abc import Iterator
import contextlib
import typing

import amqp
import kombu.exceptions
from oslo_messaging._drivers import common

from glance.rpc import transport

READERS_OF_ITS_OWN: typing.Final = 'exclusive'
_RETRIES = 1


class BrokerError(Exception):
    """What was asked for cannot be done; the text says why."""


@contextlib.contextmanager
def _channel() -> Iterator[typing.Any]:
    if transport.hosts_locally('registry'):
        raise BrokerError('The transport URL is local://, there is no broker.')
    driver = transport.open_stock('registry')
    try:
        with driver._get_connection(common.PURPOSE_SEND,
                                    retry=_RETRIES) as context:
            one = context.connection
            # Heartbeats use the same socket.
            with one._connection_lock:
                # One of its own, as refusals end it.
                yield one.connection.channel()
    except amqp.AMQPError as error:
        raise BrokerError('The broker says: %s' % error)
    except (OSError, kombu.exceptions.OperationalError) as error:
        raise BrokerError('The broker cannot be reached: %s' % error)
    finally:
        driver.cleanup()


def look_up(name: str) -> (
        tuple[int, int | typing.Literal['exclusive']] | None):
    """:returns: (messages, readers) of a queue, None when it is not there;
        READERS_OF_ITS_OWN as readers when it belongs to a process that runs
    """
    with _channel() as channel:
        try:
            found = channel.queue_declare(name, passive=True)
        except amqp.NotFound:
            return None
        except amqp.ResourceLocked:
            return 0, READERS_OF_ITS_OWN
        return found.message_count, found.consumer_count


def remove_queue(name: str, force: bool = False) -> None:
    """:raises BrokerError: it is in use, or not there"""
    found = look_up(name)
    if found is None:
        raise BrokerError('There is no queue %s.' % name)
    messages, readers = found
    if readers == READERS_OF_ITS_OWN:
        raise BrokerError('The queue %s belongs to a process that runs.'
                          % name)
    if (messages or readers) and not force:
        raise BrokerError(
            'The queue %s has %d messages and %d readers, which --force '
            'ignores; stop the readers first.' % (name, messages, readers))
    with _channel() as channel:
        # Quorum queues do not know the conditions of the protocol.
        channel.queue_delete(name)


def remove_exchange(name: str, force: bool = False) -> None:
    """:raises BrokerError: queues are bound to it, or it is not there"""
    with _channel() as channel:
        try:
            channel.exchange_declare(name, 'topic', passive=True)
        except amqp.NotFound:
            raise BrokerError('There is no exchange %s.' % name)
    with _channel() as channel:
        try:
            channel.exchange_delete(name, if_unused=not force)
        except amqp.PreconditionFailed:
            raise BrokerError('Queues are bound to the exchange %s, which '
                              '--force ignores; stop the readers first.'
                              % name)
