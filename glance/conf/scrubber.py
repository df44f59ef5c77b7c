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
Number of images whose data is deleted at the same time.
"""),
    cfg.IntOpt(
        'wakeup_time', default=300, help="""
Seconds between two looks for data to delete.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
