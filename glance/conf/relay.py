"""[relay]: how the registry sends what has happened."""

from oslo_config import cfg

group = cfg.OptGroup('relay', title='Notification relay', help="""
The registry writes each event in the transaction of the change it tells of;
one registry at a time relays the events to the notification bus, in order.
""")

opts = [
    cfg.FloatOpt(
        'poll_interval', default=0.5, min=0.05, max=60,
        help="Seconds between two looks for events that are not sent yet."),
    cfg.IntOpt(
        'batch_size', default=100, min=1, max=10000,
        help="Number of events read and removed at a time."),
    cfg.IntOpt(
        'lease', default=15, min=2, max=600,
        help="""
Seconds after which another registry takes over the relay from one that has
died. A registry that stops in order hands over at once.
"""),
    cfg.IntOpt(
        'retry_interval_max', default=5, min=1, max=600,
        help="""
Seconds, the longest pause between two tries to reach the notification bus
while it is away. Nothing is lost meanwhile.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
