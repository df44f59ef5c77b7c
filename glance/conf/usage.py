"""[usage]: who uses an image, as other services tell.

The object CONF has an attribute of that name of its own: the section is
`CONF['usage']`.
"""

from oslo_config import cfg

group = cfg.OptGroup('usage', title='Use of images', help="""
Servers, volumes and what else rests on images. Give registries, conductors and
APIs the same values.
""")

opts = [
    cfg.IntOpt('keep_days', default=30, min=1, max=3650, help="""
Days for which uses are kept that have ended; events that are older than that
when they arrive are ignored.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
