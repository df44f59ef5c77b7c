"""What is declared on a broker, the same that the stock driver declares."""

from collections.abc import Callable
import typing
import uuid

import amqp
from amqp import exceptions
from oslo_messaging._drivers import impl_rabbit

from glance.rpc.lean import frames
from glance.rpc import rabbit

# What does not get better by trying again.
FINAL = (rabbit.Refused, rabbit.DeclaredOtherwise)

# Where the broker itself brings an answer to the connection that asked.
DIRECT = 'amq.rabbitmq.reply-to'

# channels of a connection
CALLS, CASTS = 1, 2


def let_in(connect: Callable[..., amqp.Connection],
           *args: typing.Any) -> amqp.Connection:
    """:raises Refused: the broker does not know us, or the virtual host"""
    try:
        return connect(*args)
    except (exceptions.AccessRefused, exceptions.NotAllowed) as error:
        raise rabbit.Refused(error.reply_text)


def is_durable(options: typing.Any) -> bool:
    return bool(options.amqp_durable_queues or options.rabbit_quorum_queue)


def declare_topic(opened: amqp.Connection, options: typing.Any,
                  exchange: str, topic: str) -> None:
    """A queue that the servers of a topic share.

    :raises DeclaredOtherwise, Refused: it would never work
    """
    durable, delete = is_durable(options), options.amqp_auto_delete

    def declare() -> None:
        channel = opened.channel(CALLS)
        channel.exchange_declare(exchange, 'topic', durable=durable,
                                 auto_delete=delete)
        channel.queue_declare(topic, durable=durable, auto_delete=delete,
                              arguments=_arguments(options, False))
        channel.queue_bind(topic, exchange, topic)
    try:
        _permitted(declare, topic)
    except exceptions.NotFound:
        # It is on a node that is down.
        opened.channel(CALLS).queue_delete(topic)
        _permitted(declare, topic)


def declare_fanout(opened: amqp.Connection, options: typing.Any,
                   topic: str, name: str) -> str:
    """:param name: of the queue, if it is to be had
    :returns: the name it has got
    """
    exchange = fanout_exchange(topic)

    def bind() -> None:
        channel = opened.channel(CALLS)
        channel.exchange_declare(
            exchange, 'fanout', auto_delete=True,
            durable=options.rabbit_transient_quorum_queue)
        channel.queue_bind(name, exchange, topic)
    name = declare_own(opened, options, name)
    _permitted(bind, exchange)
    return name


def fanout_exchange(topic: str) -> str:
    return '%s_fanout' % topic


def declare_own(opened: amqp.Connection, options: typing.Any,
                name: str) -> str:
    """A queue for one process, which ends with its connection.

    :returns: its name, another one while a connection of before has that
    """
    lasts = options.rabbit_transient_quorum_queue

    def declare() -> None:
        opened.channel(CALLS).queue_declare(
            name, durable=lasts, exclusive=not lasts, auto_delete=False,
            arguments=_arguments(options, True) if lasts else {})
    try:
        _permitted(declare, name)
    except (exceptions.ResourceLocked, exceptions.NotFound):
        name = named_like(name)
        _permitted(declare, name)
    return name


def named_like(name: str) -> str:
    """:returns: the same with other random digits"""
    return name[:-32] + uuid.uuid4().hex


def consume(opened: amqp.Connection, options: typing.Any, queue: str,
            early: list[frames.Content], no_ack: bool) -> None:
    """:param early: takes the messages that come before all is prepared"""
    arguments = ({'x-cancel-on-ha-failover': True}
                 if options.enable_cancel_on_failover else None)

    def read() -> None:
        opened.channel(CALLS).basic_consume(
            queue, queue, no_ack=no_ack, arguments=arguments,
            callback=lambda message: early.append(_content(message)))
    _permitted(read, queue)


def _content(message: amqp.Message) -> frames.Content:
    content = frames.Content(CALLS, frames.DELIVER, message.frame_args)
    content.message_id = message.properties.get('correlation_id', '')
    content.reply_to = message.properties.get('reply_to', '')
    content.body = message.body
    return content


def _permitted(declare: Callable[[], None], name: str) -> None:
    try:
        declare()
    except exceptions.PreconditionFailed as error:
        raise rabbit.DeclaredOtherwise(name, error.reply_text)
    except exceptions.AccessRefused as error:
        raise rabbit.Refused(error.reply_text)


def _arguments(options: typing.Any, is_own: bool) -> dict[str, typing.Any]:
    arguments: dict[str, typing.Any] = impl_rabbit._get_queue_arguments(
        options.rabbit_ha_queues,
        options.rabbit_transient_queues_ttl if is_own else 0,
        (options.rabbit_transient_quorum_queue if is_own
         else options.rabbit_quorum_queue),
        impl_rabbit.QuorumMemConfig(
            options.rabbit_quorum_delivery_limit,
            options.rabbit_quorum_max_memory_length,
            options.rabbit_quorum_max_memory_bytes), False)
    return arguments
