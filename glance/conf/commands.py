"""Options of commands, and options of Glance that nothing here reads.

All programs share their files, so each has to know the options of all.
"""

from oslo_config import cfg

status_opts = [
    cfg.BoolOpt('owner_is_tenant', default=True, help="""
Whether images belong to projects and not to users. Gone since Rocky: only
"true" can be served; read by glance-status to warn of another value.
"""),
]

replicator_opts = [
    cfg.StrOpt('sourcetoken', default='', secret=True,
               help='Token for the service that is read.'),
    cfg.StrOpt('targettoken', default='', secret=True,
               help='Token for the service that is written.'),
]

replicator_cli_opts = [
    cfg.IntOpt('chunksize', short='c', default=65536, min=1, help="""
Bytes to read or write at a time.
"""),
    cfg.StrOpt(
        'dontreplicate', short='D',
        default='created_at date deleted_at location updated_at', help="""
Attributes and properties that are neither copied nor compared, with spaces
between them.
"""),
    cfg.BoolOpt('metaonly', short='m', default=False, help="""
Take care of the metadata only, not of the data.
"""),
    cfg.StrOpt('token', short='t', default='', secret=True, help="""
Token for both services, in place of sourcetoken and targettoken.
"""),
]

_IN_A_STORE = 'It belongs into the section of the store.'
_AN_ARGUMENT = 'glance-control takes it as an argument only.'


def _idle(kind, reason, *names, **kwargs):
    return [kind(name, deprecated_for_removal=True, deprecated_reason=reason,
                 help='Accepted for existing configuration files; not used.',
                 **kwargs) for name in names]


idle_opts = [
    *_idle(cfg.StrOpt, _IN_A_STORE, 'default_swift_reference',
           'swift_store_auth_address', 'swift_store_config_file'),
    *_idle(cfg.StrOpt, _IN_A_STORE, 'swift_store_key', 'swift_store_user',
           secret=True),
    *_idle(cfg.BoolOpt, _AN_ARGUMENT, 'capture-output', 'respawn'),
    *_idle(cfg.IntOpt, _AN_ARGUMENT, 'await-child'),
    *_idle(cfg.StrOpt, _AN_ARGUMENT, 'pid-file'),
]

# It has its effect where another section takes its values from this one.
authtoken_opts = [
    cfg.IntOpt('timeout', help='Seconds that a request to Keystone may take.'),
]


def known():
    """:returns: list of (name of the section, options)"""
    return [('DEFAULT', [*status_opts, *replicator_opts,
                         *replicator_cli_opts, *idle_opts]),
            ('keystone_authtoken', authtoken_opts)]
