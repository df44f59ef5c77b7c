"""Options of delayed deletion."""

from oslo_config import cfg

opts = [
    cfg.BoolOpt(
        'delayed_delete', default=False, help="""
Keep the data of a deleted image for a while, see scrub_time, instead of
deleting it with the image.
"""),
    cfg.IntOpt(
        'scrub_time', default=0, help="""
Seconds for which the data of a deleted image is kept.
"""),
    cfg.IntOpt(
        'scrub_pool_size', default=1, min=1, help="""
Number of images whose data glance-scrubber deletes at the same time.
"""),
]

# Of the configuration file, and of the command line of glance-scrubber.
wakeup_time = cfg.IntOpt(
    'wakeup-time', default=300, help="""
Seconds between two looks for data to delete.
""")

cli_opts = [
    cfg.BoolOpt(
        'daemon', short='D', default=False, help="""
Go on looking for data to delete, every wakeup_time seconds, until told to end.
"""),
    cfg.StrOpt(
        'restore', metavar='IMAGE_ID', help="""
Bring an image back whose status is pending_delete.
"""),
    cfg.BoolOpt(
        'dry-run', default=False, help="""
Show what would be deleted, and delete nothing.
"""),
    cfg.BoolOpt(
        'leftovers', default=False, help="""
Also delete data that no image and no work owns, where a store can list what
it has.
"""),
]


def register_opts(conf):
    conf.register_opts([*opts, wakeup_time])


def register_cli_opts(conf):
    """For glance-scrubber alone, before the command line is read."""
    conf.unregister_opt(wakeup_time)
    conf.register_cli_opts([wakeup_time, *cli_opts])


def list_opts():
    return {None: [*opts, wakeup_time]}
