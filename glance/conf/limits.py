"""Options of limits: of one image, and of what a project stores."""

from oslo_config import cfg

# The bound of the size column; contract of older releases.
_SIZE_MAX = 9223372036854775808

opts = [
    cfg.IntOpt(
        'image_size_cap', default=1099511627776, min=1, max=_SIZE_MAX,
        help='Largest size in bytes of the data of one image.'),
    cfg.IntOpt(
        'image_member_quota', default=128,
        help='Most members of one image; negative: no limit.'),
    cfg.IntOpt(
        'image_property_quota', default=128,
        help='Most custom properties of one image; negative: no limit.'),
    cfg.IntOpt(
        'image_tag_quota', default=128,
        help='Most tags of one image; negative: no limit.'),
    cfg.IntOpt(
        'image_location_quota', default=10,
        help='Most locations of one image; negative: no limit.'),
    cfg.StrOpt(
        'user_storage_quota', default='0',
        regex=r'(?i)^\d+(B|KB|MB|GB|TB)?$', help="""
Most data a project can store: a number of bytes, or a number with one of the
units B, KB, MB, GB and TB right behind it. 0: no limit. Data on its way in
counts, and so does deleted data until it has been removed from its store.
"""),
    cfg.BoolOpt(
        'use_keystone_limits', default=False, help="""
Ask the identity service for limits of a project, see [oslo_limit]:
image_size_total and image_stage_total in MiB, image_count_total and
image_count_uploading. A limit that is not registered is zero. They are charged
to the project that owns the image. user_storage_quota is then not used.
"""),
]


def register_opts(conf):
    conf.register_opts(opts)


def list_opts():
    return {None: opts}
