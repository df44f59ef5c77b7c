"""[work]: leases of durable work, and how conductors go about it."""

from oslo_config import cfg

group = cfg.OptGroup('work', title='Durable work', help="""
An upload, the removal of data and every task is a row with a lease. Whoever
works on it renews the lease; when the worker dies, a conductor goes on.
""")

opts = [
    cfg.IntOpt(
        'lease', default=60, min=3, max=3600,
        help="""
Seconds for which a worker holds a unit of work without a sign of life. After
`kill -9` of a worker its upload is undone, and its other work taken over, not
later than this plus the poll interval. Workers renew after a third of it.
"""),
    cfg.FloatOpt(
        'poll_interval', default=2, min=0.1, max=300,
        help="Seconds between two looks of a conductor for free work."),
    cfg.IntOpt(
        'batch_size', default=20, min=1, max=1000,
        help="Number of units of work that a conductor takes at a time."),
    cfg.IntOpt(
        'retry_interval', default=30, min=1, max=86400,
        help="""
Seconds before work that failed is tried again. They double with each further
failure, up to retry_interval_max.
"""),
    cfg.IntOpt(
        'retry_interval_max', default=600, min=1, max=86400,
        help="""
Most seconds between two tries of work that fails.
"""),
    cfg.IntOpt(
        'max_tries', default=10, min=1, max=1000,
        help="""
Number of times a step of a task is tried when a store fails or the conductor
dies in it; the task then fails and is undone.
"""),
    cfg.FloatOpt(
        'progress_interval', default=2, min=0.1, max=300,
        help="""
Seconds between two notes in the database of how many bytes a task has moved.
A cancelled task and a deleted image are noticed as fast.
"""),
    cfg.IntOpt(
        'host_patience', default=3600, min=0, max=2592000,
        help="""
Seconds for which work whose data is on one host waits for it after the last
sign of life of the conductors there. They give one every minute, however busy
they are. After that another conductor gives the work up: the task fails with
the reason, and the image can take data again.
"""),
    cfg.IntOpt(
        'answers_kept', default=600, min=60, max=86400,
        help="""
Seconds for which the registry remembers the answer of a write, so that a
write sent again after a lost reply takes effect once.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
