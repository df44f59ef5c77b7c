"""The notification bus: the drivers of oslo.messaging, failures included.

The stock Notifier logs every failure of a driver and goes on, which loses the
message. Here a message goes to the transport itself, and the caller learns
that it was not taken. A broker takes what no queue wants, and drops it; once
the queue of a topic is declared, messages therefore say that this is an error.
Drivers that do not use the transport (log, test, those of others) are called
as the Notifier calls them.
"""

import datetime
from importlib import metadata
import typing

from oslo_config import cfg
import oslo_messaging
from oslo_messaging._drivers import amqp
from oslo_messaging._drivers import amqpdriver
from oslo_messaging.notify import notifier
from stevedore import named

from glance.conf import CONF
from glance.conf import errors
from glance.conf import notifications
from glance.rpc import rabbit
from glance.rpc import transport

# How each driver frames a message on the transport.
DRIVERS = 'oslo.messaging.notify.drivers'
_FRAMES = {'messaging': 1.0, 'messagingv2': 2.0}
# What the broker says of a queue or an exchange it will not have like that.
_WRONG_KIND = ('PRECONDITION_FAILED', 'transient_nonexcl_queues', '(541)')
_MANDATORY = oslo_messaging.TransportOptions(at_least_once=True)


def is_configured() -> bool:
    """Whether notifications go anywhere."""
    return bool(set(CONF.oslo_messaging_notifications.driver)
                - notifications.NOWHERE)


class Bus:
    """Sends messages to all configured drivers and topics."""

    def __init__(self) -> None:
        options = CONF.oslo_messaging_notifications
        self._url = options.transport_url or CONF.transport_url
        self._durable = CONF.oslo_messaging_rabbit.amqp_durable_queues
        self._connect()
        self._topics = options.topics
        names = set(options.driver) - notifications.NOWHERE
        self._frames = sorted({_FRAMES[name] for name in names & set(_FRAMES)})
        self._others = named.NamedExtensionManager(
            DRIVERS, sorted(names - set(_FRAMES)),
            invoke_on_load=True, invoke_args=[CONF],
            invoke_kwds={'topics': self._topics,
                         'transport': self._transport},
            # Without it notifications would count as sent.
            on_missing_entrypoints_callback=_miss,
            on_load_failure_callback=_refuse)

    def _connect(self) -> None:
        self._transport = oslo_messaging.get_notification_transport(
            CONF, transport.durable(self._url, self._durable))
        self._declared: set[str] = set()

    def _reconnect(self) -> None:
        self._transport.cleanup()
        self._connect()

    def send(self, message_id: str, event_type: str, priority: str,
             payload: object, created_ms: int) -> None:
        """Hand one message over.

        :param created_ms: when it happened, milliseconds since the epoch
        :raises Exception: whatever the transport raises; it was not taken
        """
        happened = datetime.datetime.fromtimestamp(
            created_ms / 1000, datetime.timezone.utc).replace(tzinfo=None)
        message = {'message_id': message_id, 'event_type': event_type,
                   'publisher_id': CONF.default_publisher_id,
                   'priority': priority, 'payload': payload,
                   'timestamp': happened.isoformat(' ', 'microseconds')}
        for frame in self._frames:
            for topic in self._topics:
                self._publish('%s.%s' % (topic, priority.lower()), message,
                              frame)
        for extension in self._others:
            extension.obj.notify({}, message, priority, 0)

    def _publish(self, topic: str, message: dict[str, typing.Any], frame: float
                 ) -> None:
        try:
            self._hand_over(topic, message, frame)
        except oslo_messaging.MessageUndeliverable:
            # Somebody has deleted the queue; a new connection declares it.
            self._reconnect()
            self._hand_over(topic, message, frame)
        except oslo_messaging.MessageDeliveryFailure as error:
            if not any(reason in str(error) for reason in _WRONG_KIND):
                raise
            # Somebody else has declared the exchange or the queue, durable
            # or not; a message in a queue that is there is better than none.
            # Or the broker takes durable ones only.
            self._durable = not self._durable
            self._reconnect()
            self._again(topic, message, frame)

    def _again(self, topic: str, message: dict[str, typing.Any], frame: float
               ) -> None:
        try:
            self._hand_over(topic, message, frame)
        except oslo_messaging.MessageDeliveryFailure as error:
            if 'PRECONDITION_FAILED' not in str(error):
                raise
            raise rabbit.DeclaredOtherwise(
                topic, str(error).partition('PRECONDITION_FAILED - ')[2])

    def _hand_over(self, topic: str, message: dict[str, typing.Any],
                   frame: float) -> None:
        target = oslo_messaging.Target(topic=topic)
        driver = self._transport._driver
        if topic in self._declared and isinstance(
                driver, amqpdriver.AMQPDriverBase):
            driver._send(target, {}, message, envelope=frame == 2.0, retry=0,
                         transport_options=_MANDATORY)
        else:
            self._transport._send_notification(target, {}, message,
                                               version=frame, retry=0)
            self._declared.add(topic)


def _miss(names: set[str]) -> typing.NoReturn:
    raise errors.ConfigurationError(
        'There are no drivers of notifications of these names: %s'
        % ', '.join(sorted(names)))


def _refuse(manager: object, entry: metadata.EntryPoint, error: Exception
            ) -> typing.NoReturn:
    raise errors.ConfigurationError(
        'The driver %s of notifications cannot be used: %s'
        % (entry.name, error)) from error


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register what is read here before any driver has registered it."""
    conf.register_opts(notifier._notifier_opts,
                       group='oslo_messaging_notifications')
    conf.register_opts(amqp.amqp_opts, group='oslo_messaging_rabbit')
