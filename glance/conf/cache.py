"""Options of the image cache on the disk of an API host."""

from oslo_config import cfg

opts = [
    cfg.StrOpt(
        'image_cache_dir', help="""
Directory of the image cache. Setting it makes the cache calls available.
"""),
    cfg.StrOpt(
        'image_cache_driver', default='centralized_db', ignore_case=True,
        choices=['centralized_db', 'sqlite', 'xattr'], help="""
Accepted for existing configuration files: the records are in the metadata
database in any case. With ``sqlite`` and ``xattr`` the calls of the cache
answer as they did with these drivers.
"""),
    cfg.IntOpt(
        'image_cache_max_size', default=10737418240, help="""
Size in bytes to which pruning brings the cache back.
"""),
    cfg.IntOpt(
        'image_cache_stall_time', default=86400, help="""
Seconds after which an incomplete file of the cache counts as abandoned.
"""),
    cfg.IntOpt(
        'image_cache_upkeep_interval', default=60, min=1, max=86400, help="""
Seconds between two looks of an API host after its cache: it fetches what is
queued, removes what is incomplete or deleted, and prunes the rest.
"""),
    cfg.StrOpt(
        'image_cache_sqlite_db', default='cache.db',
        deprecated_for_removal=True, deprecated_since='Caracal (2024.1)',
        deprecated_reason='The metadata database keeps the records.',
        help="""
Accepted for existing configuration files; not used.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
