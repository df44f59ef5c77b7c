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
Where the cache keeps its records: in the metadata database, in a file beside
the cache, or with the cached files.
"""),
    cfg.IntOpt(
        'image_cache_max_size', default=10737418240, help="""
Size in bytes to which pruning brings the cache back.
"""),
    cfg.IntOpt(
        'image_cache_stall_time', default=86400, help="""
Seconds after which an incomplete file of the cache counts as abandoned.
"""),
    cfg.StrOpt(
        'image_cache_sqlite_db', default='cache.db',
        deprecated_for_removal=True, deprecated_since='Caracal (2024.1)',
        deprecated_reason='The metadata database keeps the records.',
        help="""
Name of the file with the records of the sqlite driver, in the cache directory.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
