"""Options of notifications, beside oslo.messaging's own."""

from oslo_config import cfg

from glance.conf import lists

# Drivers that send nothing.
NOWHERE = {'', 'noop'}

opts = [
    cfg.StrOpt(
        'default_publisher_id', default='image.localhost', help="""
Publisher of the notifications, sent as it is written; by habit
image.HOSTNAME.
"""),
    lists.list_opt(
        'disabled_notifications', default=[], help="""
Events that are not sent: whole names such as image.create, or groups such as
image, image.member or task.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
