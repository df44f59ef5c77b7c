"""[usage]: who uses an image, as other services tell.

The object CONF has an attribute of that name of its own: the section is
`CONF['usage']`.
"""

from keystoneauth1 import loading
from oslo_config import cfg

from glance.conf import lists

group = cfg.OptGroup('usage', title='Use of images', help="""
Servers, volumes and what else rests on images. Give registries, conductors and
APIs the same values.
""")

opts = [
    cfg.BoolOpt('enabled', default=False, help="""
Whether conductors listen to events of nova and cinder, to know who uses an
image, and compare that with what these services have.
"""),
    cfg.StrOpt('transport_url', secret=True, help="""
Bus on which these services send their notifications; [DEFAULT] transport_url
when unset. Queues and exchanges are declared as [oslo_messaging_rabbit] says,
which has to be as nova and cinder have it; add ?amqp_durable_queues=true to
this URL where only theirs are durable.
"""),
    lists.list_opt(
        'exchanges', default=['nova', 'openstack', 'cinder'], help="""
Exchanges to listen to: the values of control_exchange of nova and cinder.
"""),
    lists.list_opt(
        'topics', default=['notifications', 'versioned_notifications'],
        help="""
Topics to listen to. Versioned and legacy events of nova say the same; one of
them will do.
"""),
    cfg.StrOpt('pool', default='glance-usage', regex=r'^[^\s/]{1,200}$',
               help="""
Name of the queue from which all conductors read. Other readers of the same
notifications have queues of their own, and miss nothing.
"""),
    cfg.IntOpt('keep_days', default=30, min=1, max=3650, help="""
Days for which uses are kept that have ended; events that are older than that
when they arrive are ignored.
"""),
    cfg.IntOpt('sync_interval', default=21600, min=0, max=31536000, help="""
Seconds after which conductors compare what they know with what nova and cinder
have, and mend what events did not say; 0: never. Only where there are
credentials for that (auth_type or auth_section of this section), and
openstacksdk.
"""),
    cfg.IntOpt('sync_limit', default=200, min=1, max=1000, help="""
Most servers, volumes, snapshots or backups that are asked for at a time.
"""),
    cfg.IntOpt('sync_timeout', default=60, min=1, max=3600, help="""
Seconds that an answer of keystone, nova or cinder may take, to its last byte.
"""),
]

# URLs come from the catalogue, so there is no endpoint_override.
_FINDING = ('interface', 'valid-interfaces', 'region-name')


def client_opts():
    """:returns: how keystoneauth finds keystone, nova and cinder, beside the
    options of a kind of credentials
    """
    return [*loading.get_auth_common_conf_options(),
            *loading.get_session_conf_options(),
            *(one for one in loading.get_adapter_conf_options()
              if one.name in _FINDING)]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts([*opts, *client_opts()], group=group)


def list_opts():
    return {group: opts}
