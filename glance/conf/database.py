"""Options of the metadata database: oslo.db's own, in [database].

Only the registry and glance-manage read them.
"""

from oslo_db import options


def register_opts(conf):
    conf.register_opts(options.database_opts, 'database')


def list_opts():
    return {'database': options.database_opts}
