"""[metrics]: where monitoring reads what the programs count."""

from oslo_config import cfg

group = cfg.OptGroup('metrics', title='Metrics', help="""
Each program can serve its counters in the text format of Prometheus, all of
its workers at one address. A change takes effect at the next start.
""")

_WHERE = 'Port for the metrics of %s, when listen is set.'

opts = [
    cfg.HostAddressOpt('listen', sample_default='127.0.0.1', help="""
Address to serve metrics on, for instance 127.0.0.1. There is no
authentication: who reaches the address learns the names of stores and how
busy the service is. Unset: none are served.
"""),
    cfg.PortOpt('api_port', default=9193, min=1,
                help=_WHERE % 'glance-api or glance-standalone'),
    cfg.PortOpt('registry_port', default=9194, min=1,
                help=_WHERE % 'glance-registry'),
    cfg.PortOpt('conductor_port', default=9195, min=1,
                help=_WHERE % 'glance-conductor'),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
