"""Options of the conductor, group [conductor]."""

from oslo_config import cfg

from glance.conf import rpc

group = cfg.OptGroup(
    'conductor', title='Conductor',
    help='How the conductor is reached over the bus, and how it runs.')

opts = rpc.service_opts('conductor') + [
    cfg.IntOpt('workers', default=1, min=1, max=256,
               help='Processes a glance-conductor program runs.'),
    cfg.StrOpt('staging_host', help="""
Name of the staging area that glance-api and glance-conductor of one host
share; when unset, it is made of the name of the host and the folder. Work on
staged data is done by conductors with the same name. Give all of them one name
when they share the folder over a network file system, and to containers that
mount one volume.
"""),
    cfg.IntOpt('tool_memory', default=1 << 30, min=1 << 26, help="""
Bytes of address space that a program may have which converts image data.
"""),
    cfg.IntOpt('tool_cpu_time', default=3600, min=1, help="""
Seconds of processor time that such a program may take.
"""),
    cfg.IntOpt('tool_timeout', default=14400, min=1, help="""
Seconds after which such a program is ended.
"""),
    cfg.IntOpt('staging_grace', default=3600, min=10, max=31536000, help="""
Seconds after which files in the staging area are removed that belong to no
image waiting for its import and to no task. They are looked for as often, or
once an hour when that is more often.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
