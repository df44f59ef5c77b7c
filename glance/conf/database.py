"""Options of the metadata database: oslo.db's own, in [database].

Only the registry and glance-manage read them.
"""

from oslo_db import options

from glance.conf import CONF

CONF.register_opts(options.database_opts, 'database')


def list_opts():
    return [('database', options.database_opts)]
