"""Options of the conductor, group [conductor]."""

from oslo_config import cfg

from glance.conf import rpc

group = cfg.OptGroup(
    'conductor', title='Conductor',
    help='How the conductor is reached over the bus, and how it runs.')

opts = rpc.service_opts('conductor') + [
    cfg.IntOpt('workers', default=1, min=1, max=256,
               help='Processes a glance-conductor program runs.'),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
