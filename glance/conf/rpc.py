"""Options of the bus, and our defaults for options of oslo.messaging."""

from oslo_config import cfg
import oslo_messaging
from oslo_messaging._drivers import amqpdriver
from oslo_messaging._drivers import impl_rabbit
from oslo_messaging import server
from oslo_messaging import transport

LOCAL = 'local://'
AUTO, ALWAYS, NEVER = 'auto', 'true', 'false'

upgrade_levels = cfg.OptGroup(
    'upgrade_levels', title='RPC versions',
    help='Highest RPC versions to send, for the time of a rolling upgrade.')

upgrade_level_opts = [
    cfg.StrOpt(service, regex=r'^[0-9]+\.[0-9]+$',
               help='Highest version of the %s RPC interface this process '
                    'sends, such as 1.0. Set it to the version of the oldest '
                    'running %s while services of two releases run side by '
                    'side; unset it afterwards.' % (service, service))
    for service in ('registry', 'conductor')
]

rpc = cfg.OptGroup('rpc', title='Messages between the services')

rpc_opts = [
    cfg.StrOpt('driver', default='lean', choices=[
        ('lean', 'that of this service, which needs a half of the processor '
                 'time'),
        ('stock', 'that of oslo.messaging')],
        help='Driver of RabbitMQ for calls between the services; '
             'notifications always go by that of oslo.messaging. Both obey '
             '[oslo_messaging_rabbit], and processes with one and the other '
             'understand each other.'),
]


def service_opts(service):
    """The options each RPC service has in its own group."""
    return [
        cfg.StrOpt('transport_url', secret=True,
                   help='Bus on which the %s is reached; [DEFAULT] '
                        'transport_url when unset. local:// means that each '
                        'process runs its own.' % service),
        cfg.StrOpt('topic', default='glance-' + service,
                   help='Topic (queue name) of the %s on the bus.' % service),
        cfg.FloatOpt('rpc_timeout', default=60, min=1,
                     help='Seconds after which a call to the %s is given up '
                          'and answered with 503. A call whose answer is '
                          'missing after half of it is sent again.' % service),
        cfg.IntOpt('rpc_max_pending', default=500, min=1,
                   help='Calls to the %s one process has under way at most; '
                        'further ones are answered with 503.' % service),
        cfg.StrOpt('embed', default=AUTO, ignore_case=True,
                   choices=[
                       (AUTO, 'when [database] connection is set, and none '
                              'is heard on the bus'),
                       (ALWAYS, 'its own calls stay in the process; others '
                                'are answered over the bus as well'),
                       (NEVER, 'only by a program of its own')],
                   help='When a process of the API runs a %s itself, beside '
                        'those on the bus.' % service),
        cfg.FloatOpt('embed_after', default=10, min=0, max=3600,
                     help='Seconds for which a process of the API has to hear '
                          'no %s, with the broker there, before it runs one '
                          '([%s] embed = auto).' % (service, service)),
    ]


def set_defaults():
    """Change defaults of oslo.messaging for a process of ours."""
    oslo_messaging.set_transport_defaults('glance')
    cfg.set_defaults(transport._transport_opts, transport_url=LOCAL)
    # no more threads than the database pool has connections
    cfg.set_defaults(server._pool_opts, executor_thread_pool_size=16)
    # back within seconds after an outage of the broker, however long it was
    cfg.set_defaults(impl_rabbit.rabbit_opts, rabbit_interval_max=2,
                     kombu_missing_consumer_retry_timeout=5,
                     # a send holds one until the broker has the message
                     rpc_conn_pool_size=100,
                     # where transient queues are quorum ones; an answer that
                     # is older has nobody who waits for it
                     rabbit_transient_queues_ttl=120)
    # A caller whose queue stays away counts as gone, and each answer to him is
    # dropped, for so many seconds: he may only have been slow.
    amqpdriver.ObsoleteReplyQueuesCache.TTL = 3


def register_opts(conf):
    conf.register_opts(transport._transport_opts)
    conf.register_group(upgrade_levels)
    conf.register_opts(upgrade_level_opts, group=upgrade_levels)
    conf.register_group(rpc)
    conf.register_opts(rpc_opts, group=rpc)


def list_opts():
    return {upgrade_levels: upgrade_level_opts, rpc: rpc_opts}
