"""[periodic]: what conductors do now and then, once in the cluster."""

from oslo_config import cfg

group = cfg.OptGroup('periodic', title='Periodic work', help="""
Each duty has a row in the table ``duties`` of the database, with its last run,
its next one and the outcome. One conductor of the cluster does it at a time.
""")

opts = [
    cfg.StrOpt(
        'leftovers', default='remove', choices=[
            ('remove', 'remove what belongs to nobody'),
            ('report', 'tell of it in the log'), ('off', 'do not look')],
        help="""
What to do with data in stores that can list theirs (types ``file``, ``s3``,
``rbd``, ``vmware``, ``gridfs``, ``sheepdog``, ``swift`` with one container,
and ``cinder`` with an account of its own) when no image and no work owns it.
Only data of images that the database knows, deleted or not, is ever removed;
other data is reported.
"""),
    cfg.IntOpt(
        'leftovers_interval', default=86400, min=1, max=31536000,
        help="Seconds between two looks for such data."),
    cfg.IntOpt(
        'leftovers_grace', default=86400, min=0, max=31536000,
        help="Seconds after its last change for which such data is left."),
    cfg.IntOpt(
        'audit_rate', default=16777216, min=0, max=1 << 40,
        help="""
Bytes per second that the auditor reads, so that damage in the stores is found
before the data is needed; 0: it reads nothing. What is missing of the size and
the hashes of old images is read at the same rate.
"""),
    cfg.IntOpt(
        'audit_interval', default=2592000, min=1, max=315360000,
        help="Seconds after which the data of a location is read again."),
    cfg.IntOpt(
        'audit_interval_bad', default=3600, min=1, max=315360000,
        help="""
Seconds after which data that was found to be damaged is read again: it is used
again when it has been put right.
"""),
    cfg.IntOpt(
        'audit_pause', default=600, min=1, max=86400,
        help="Seconds between two looks for data whose time has come."),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
