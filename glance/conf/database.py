"""Options of the metadata database: oslo.db's own, in [database].

Only the registry and glance-manage read them.
"""

from oslo_config import cfg
from oslo_db import options


def register_opts(conf):
    # a connection for each of executor_thread_pool_size threads
    cfg.set_defaults(options.database_opts, max_pool_size=16)
    conf.register_opts(options.database_opts, 'database')


def list_opts():
    return {'database': options.database_opts}
