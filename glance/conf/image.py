"""Options of hashes computed later, and of encrypted locations."""

from oslo_config import cfg

opts = [
    cfg.BoolOpt(
        'do_secure_hash', default=True, help="""
Compute the hash of data that is added by its location, with ``POST`` of
locations. It means one whole download in the background.
"""),
    cfg.BoolOpt(
        'check_patched_locations', default=False, help="""
Read the data at locations that users add with ``PATCH``, in the background:
the first one gives the image the hashes it has not, and an image whose data
has another hash than was given for it is deactivated; a further one is used
when its data is the same, and goes when it is not. Otherwise what is given is
believed, so that the owner of an active image can exchange its data. What
services and administrators give always is.
"""),
    cfg.IntOpt(
        'http_retries', default=3, help="""
How often the download for such a hash is tried again, after growing pauses
([work] retry_interval) where nothing else of its task waits for it.
"""),
    cfg.StrOpt(
        'digest_algorithm', default='sha256', deprecated_for_removal=True,
        deprecated_since='Dalmatian',
        deprecated_reason='Signatures name their own algorithm.',
        help='Accepted for existing configuration files; not used.'),
    cfg.StrOpt(
        'metadata_encryption_key', secret=True, deprecated_for_removal=True,
        deprecated_since='Dalmatian',
        deprecated_reason='It protects against few attacks.',
        help="""
AES key of 16, 24 or 32 characters with which the locations of images are
encrypted in the database. Must stay the same for as long as the data does.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
