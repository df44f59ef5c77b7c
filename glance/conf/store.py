"""Which stores there are, and what may be in them.

The options of the stores themselves belong to glance_store and its drivers;
`glance.store.options` registers them when a store is loaded.
"""

from oslo_config import cfg
from oslo_utils import units

from glance.conf import lists

RESERVED_PREFIX = 'os_glance_'
STAGING_STORE = 'os_glance_staging_store'
TASKS_STORE = 'os_glance_tasks_store'
RESERVED_STORES = (STAGING_STORE, TASKS_STORE)

opts = [
    lists.dict_opt(
        'enabled_backends', help="""
The stores of this service: store id and store type, for example
``fast:rbd,cold:swift``. Each store is set up in the section of its id. When
this option is not set, the section [glance_store] with its options ``stores``
and ``default_store`` describes one store of each type.

Ids beginning with ``os_glance_`` are reserved.
"""),
    cfg.StrOpt(
        'hashing_algorithm', default='sha512', help="""
Algorithm of ``os_hash_value``: a name known to Python's hashlib whose digest
has at most 64 bytes. ``sha256`` needs about half the processor time of
``sha512`` on processors with SHA extensions.
"""),
    cfg.MultiStrOpt(
        'former_locations', default=[], help="""
Where a store has kept data under an earlier configuration: id of the store
(its type, when ``enabled_backends`` is not set), ``=``, and the beginning of
the URLs of its locations as they are recorded, up to the name of the data and
with the slash before it, such as ``fast=file:///old/images/`` or
``objects=s3://10.0.0.5/images/``; with the colon instead for the type
sheepdog, ``dogs=sheepdog://10.0.0.5:7000:``. May be given several times.

What is recorded there is read and removed as if the store was still configured
like this; nothing is written there. A location that is neither in a store as
it is configured nor named here is neither read nor removed; ``glance-status
upgrade check`` counts these.
"""),
    cfg.FloatOpt(
        'store_silence_timeout', default=120, min=1, max=86400, help="""
Seconds for which a store of the types swift, cinder, vmware or rbd may say
nothing in the middle of an operation before that fails, or is tried again
where the library of the store does so. What the store does by itself, such as
copying an object, has to be done within this time. For rbd, this is the limit
where neither ``rados_connect_timeout`` of the store nor
``rados_osd_op_timeout`` in the configuration of Ceph sets one; a write that
fails takes several such steps, as what it has left is removed. Other types
have options or limits of their own.
"""),
    cfg.StrOpt(
        'node_staging_uri', default='file:///tmp/staging/', help="""
Folder for staged data, as ``file://`` URL. Used when ``enabled_backends`` is
not set; else the section [os_glance_staging_store] names the folder.
"""),
]

format_group = cfg.OptGroup('image_format', title='Formats')

format_opts = [
    lists.list_opt(
        'container_formats',
        default=['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker',
                 'compressed'],
        deprecated_opts=[cfg.DeprecatedOpt('container_formats',
                                           group='DEFAULT')],
        help='Values accepted for ``container_format``.'),
    lists.list_opt(
        'disk_formats',
        default=['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2',
                 'vdi', 'iso', 'ploop'],
        deprecated_opts=[cfg.DeprecatedOpt('disk_formats', group='DEFAULT')],
        help='Values accepted for ``disk_format``.'),
    lists.list_opt(
        'vmdk_allowed_types', default=['streamOptimized', 'monolithicSparse'],
        help="""
VMDK create types that are accepted. Types that name other files let an image
read files of the host, therefore only these two pass the inspection anyway;
an empty list refuses all VMDK images.
"""),
    cfg.BoolOpt(
        'require_image_format_match', default=True, help="""
Refuse data whose detected format differs from the ``disk_format`` of the
image. Data that is unsafe is refused whatever this option says.
"""),
    lists.list_opt(
        'gpt_safety_checks_nonfatal', default=[], help="""
Names of safety checks of partitioned disks that are only logged, not enforced;
for example ``mbr``.
"""),
]


# glance_store declares the same names; declared here, reading them does not
# load every driver there is. Sample files take them from glance_store.
core_opts = [
    cfg.StrOpt('default_backend',
               help='Id of the store that takes data when nobody chooses.'),
    lists.list_opt('stores', default=['file', 'http'],
                   help='Store types, when ``enabled_backends`` is not set.'),
    cfg.StrOpt('default_store', default='file',
               help='URL scheme of the store that takes data, when '
                    '``enabled_backends`` is not set.'),
]


# Beside those of glance_store.
web_opts = [
    cfg.StrOpt(
        'http_readable_addresses', default='local',
        choices=[('public', 'of the Internet only'),
                 ('private', 'also private ones, such as 10.0.0.0/8'),
                 ('local', 'also those of the host itself, and translated '
                           'ones')],
        help="""
Which addresses the recorded locations of a store of the type ``http`` may lead
to, when they are read. Link-local and multicast addresses are never read.

``[import_filtering_opts]`` decides which locations can be added and which
redirects are followed; what is recorded already may be older than its lists.
With the default all that former releases have recorded stays readable. Where
all images are on public servers set ``public``: whoever controls the name of a
host can let it lead elsewhere after the location was added. ``glance-status
upgrade check`` counts what cannot be read with the value that is set.
"""),
]


def reserved_opts(store_id):
    """:returns: the options of an internal store, with its own folder"""
    return [
        cfg.StrOpt('filesystem_store_datadir',
                   default='/var/lib/glance/' + store_id,
                   help='Folder of this internal store.'),
        cfg.MultiStrOpt(
            'filesystem_store_datadirs',
            help='As of a store of the type ``file``.'),
        cfg.StrOpt(
            'filesystem_store_metadata_file',
            help='As of a store of the type ``file``.'),
        cfg.IntOpt('filesystem_store_file_perm', default=0,
                   help='As of a store of the type ``file``.'),
        cfg.IntOpt('filesystem_store_chunk_size', default=64 * units.Ki,
                   min=1, help='Bytes read at once from a file of this '
                               'store.'),
        cfg.BoolOpt('filesystem_thin_provisioning', default=False,
                    help='As of a store of the type ``file``.'),
    ]


def register_opts(conf):
    conf.register_opts(opts)
    conf.register_group(format_group)
    conf.register_opts(format_opts, group=format_group)
    conf.register_opts(core_opts, group='glance_store')
    for store_id in RESERVED_STORES:
        conf.register_opts(reserved_opts(store_id), group=store_id)


def list_opts():
    found = {None: opts, format_group: format_opts, 'glance_store': web_opts}
    found.update({store_id: reserved_opts(store_id)
                  for store_id in RESERVED_STORES})
    return found
