"""What oslo.messaging sees: a driver for calls and casts over RabbitMQ."""

from collections.abc import Sequence
import typing

from oslo_config import cfg
from oslo_messaging._drivers import amqp
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_messaging._drivers import impl_rabbit

from glance.rpc.lean import listener
from glance.rpc.lean import publisher
from glance.rpc.lean import queues
from glance.rpc.lean import texts

_GROUP = cfg.OptGroup('oslo_messaging_rabbit')
_DEFAULT_TIMEOUT = 60


class Driver(base.BaseDriver):
    """The driver of `rabbit://` with `[rpc] driver = lean`."""

    def __init__(self, conf: typing.Any, url: typing.Any,
                 default_exchange: str | None = None,
                 allowed_remote_exmods: Sequence[str] | None = None) -> None:
        super().__init__(conf, url, default_exchange, allowed_remote_exmods)
        conf.register_group(_GROUP)
        conf.register_opts(impl_rabbit.rabbit_opts, group=_GROUP)
        conf.register_opts(amqp.amqp_opts, group=_GROUP)
        self._options = common.ConfigOptsProxy(
            conf, url, _GROUP.name).oslo_messaging_rabbit
        self._durable = queues.is_durable(self._options)
        self._publisher = publisher.Publisher(url, self._options)

    def require_features(self, requeue: bool = False) -> None:
        """As the stock one, which says yes to all."""

    def send(self, target: typing.Any, ctxt: dict[str, typing.Any],
             message: dict[str, typing.Any],
             wait_for_reply: bool | None = None, timeout: float | None = None,
             call_monitor_timeout: float | None = None,
             retry: int | None = None,
             transport_options: typing.Any = None) -> typing.Any:
        """Send once, whatever `retry` says; signs of life from the server do
        not lengthen `timeout`.

        :raises Lost: the message or its answer may be lost
        :raises MessagingTimeout, MessageUndeliverable,
            MessageDeliveryFailure:
        """
        address = self._address(target)
        mandatory = bool(transport_options
                         and transport_options.at_least_once)
        if not wait_for_reply:
            self._publisher.cast(address, message, ctxt, mandatory)
            return None
        return self._outcome(self._publisher.call(
            address, message, ctxt, timeout or _DEFAULT_TIMEOUT,
            mandatory))

    def _address(self, target: typing.Any) -> publisher.Address:
        options = self._options
        if target.fanout:
            return publisher.Address(
                queues.fanout_exchange(target.topic), '', 'fanout',
                options.rabbit_transient_quorum_queue, True)
        key = target.topic
        if target.server:
            key = '%s.%s' % (key, target.server)
        return publisher.Address(
            target.exchange or self._default_exchange, key, 'topic',
            self._durable, options.amqp_auto_delete)

    def _outcome(self, answer: texts.Message) -> typing.Any:
        if answer.get('failure'):
            raise common.deserialize_remote_exception(
                answer['failure'], self._allowed_remote_exmods)
        return answer.get('result')

    def listen(self, target: typing.Any, batch_size: int,
               batch_timeout: float | None) -> listener.Listener:
        """:raises DeclaredOtherwise, Refused: it would never work"""
        one = listener.Listener(
            self._url, self._options,
            target.exchange or self._default_exchange, target.topic,
            bool(target.fanout))
        one.connect()
        return one

    def send_notification(self, target: typing.Any,
                          ctxt: dict[str, typing.Any],
                          message: dict[str, typing.Any], version: float,
                          retry: int | None = None) -> None:
        raise NotImplementedError('Notifications go by the stock driver.')

    def listen_for_notifications(
            self, targets_and_priorities: Sequence[tuple[typing.Any, str]],
            pool: str | None, batch_size: int,
            batch_timeout: float | None) -> typing.NoReturn:
        raise NotImplementedError('Notifications go by the stock driver.')

    def cleanup(self) -> None:
        self._publisher.close()
