"""The notification bus: the drivers of oslo.messaging, failures included.

The stock Notifier logs every failure of a driver and goes on, which loses the
message. Here a message goes to the transport itself, and the caller learns
that it was not taken. Drivers that do not use the transport (log, test, those
of others) are called as the Notifier calls them.
"""

import datetime

import oslo_messaging
from oslo_messaging.notify import notifier
from stevedore import named

from glance.conf import CONF

# How each driver frames a message on the transport.
_FRAMES = {'messaging': 1.0, 'messagingv2': 2.0}


def is_configured():
    """Whether notifications go anywhere."""
    return bool(set(CONF.oslo_messaging_notifications.driver) - {'noop'})


class Bus:
    """Sends messages to all configured drivers and topics."""

    def __init__(self):
        options = CONF.oslo_messaging_notifications
        self._transport = oslo_messaging.get_notification_transport(CONF)
        self._topics = options.topics
        names = set(options.driver)
        self._frames = sorted({_FRAMES[name] for name in names & set(_FRAMES)})
        self._others = named.NamedExtensionManager(
            'oslo.messaging.notify.drivers', sorted(names - set(_FRAMES)),
            invoke_on_load=True, invoke_args=[CONF],
            invoke_kwds={'topics': self._topics,
                         'transport': self._transport})

    def send(self, message_id, event_type, priority, payload, created_ms):
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
                self._transport._send_notification(
                    oslo_messaging.Target(
                        topic='%s.%s' % (topic, priority.lower())),
                    {}, message, version=frame, retry=0)
        for extension in self._others:
            extension.obj.notify({}, message, priority, 0)


def register_opts(conf):
    """Register [oslo_messaging_notifications] before it is first read."""
    conf.register_opts(notifier._notifier_opts,
                       group='oslo_messaging_notifications')
