"""Options of the registry, group [registry]."""

from oslo_config import cfg

from glance.conf import rpc

group = cfg.OptGroup(
    'registry', title='Registry',
    help='How the registry is reached over the bus, and how it runs.')

opts = rpc.service_opts('registry') + [
    cfg.IntOpt('workers', default=1, min=1, max=256,
               help='Processes a glance-registry program runs.'),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
