"""Options of glance-manage."""

from oslo_config import cfg

opts = [
    cfg.StrOpt(
        'metadata_source_path', default='/etc/glance/metadefs/', help="""
Directory with the JSON files of metadata definitions to load. Where it is
missing, the files that were installed with the service are taken.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
