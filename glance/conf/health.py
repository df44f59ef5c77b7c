"""[health]: when a service is said to be ready."""

from oslo_config import cfg

group = cfg.OptGroup('health', title='Health', help="""
For the checks glance_registry, glance_database, glance_stores, glance_events
and glance_work, which a health check of the paste file names as its backends.
""")

opts = [
    cfg.FloatOpt('timeout', default=2, min=0.1, max=60, help="""
Seconds after which somebody who does not answer counts as away. A request for
the readiness takes twice as long at most.
"""),
    cfg.FloatOpt('kept', default=1, min=0, max=60, help="""
Seconds for which what was found is told again without another look.
"""),
    cfg.IntOpt('max_event_age', default=3600, min=0, help="""
Seconds for which an event may wait to be sent before the service is no longer
ready. 0: however long.
"""),
    cfg.IntOpt('max_work_overdue', default=3600, min=0, help="""
Seconds for which work may wait for a conductor before the service is no longer
ready, also work that only those of one host can do. 0: however long.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
