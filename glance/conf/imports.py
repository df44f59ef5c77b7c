"""Options of interoperable image import."""

from importlib import metadata

from oslo_config import cfg
from oslo_config import types

from glance.conf import lists

METHODS = ('glance-direct', 'web-download', 'copy-image', 'glance-download')
PLUGINS = 'glance.image_import.plugins'


class _Plugin(types.String):
    """The name of a plugin that is installed, as a group of entry points."""

    def __call__(self, value):
        name = super().__call__(value)
        known = metadata.entry_points(group=PLUGINS).names
        if name not in known:
            raise ValueError('There is no import plugin %s, but %s'
                             % (name, ', '.join(sorted(known))))
        return name


_Items = lists.Items(bounds=True)
_Hosts = lists.Items(types.HostAddress(), bounds=True)
_Ports = lists.Items(types.Integer(), bounds=True)

opts = [
    cfg.Opt(
        'enabled_import_methods',
        type=lists.Items(types.String(choices=METHODS), bounds=True),
        default=['glance-direct', 'web-download', 'copy-image'], help="""
Import methods a request may name, of glance-direct, web-download, copy-image
and glance-download.
"""),
]

import_group = cfg.OptGroup('image_import_opts', title='Import')

import_opts = [
    cfg.Opt(
        'image_import_plugins', type=lists.Items(_Plugin(), bounds=True),
        default=[],
        sample_default='[no_op]', help="""
Plugins that every import runs, in this order. They have to be installed beside
glance-api and glance-conductor.
"""),
    cfg.IntOpt(
        'max_parallel_stores', default=1, min=1, help="""
Number of stores an import writes to at the same time.
"""),
]

filter_group = cfg.OptGroup(
    'import_filtering_opts', title='Addresses of web-download', help="""
A list of what is allowed wins over the list of what is not allowed. The API
judges what users name, and the conductor that fetches it judges it again, with
every redirect: set the same on all hosts.
""")

filter_opts = [
    cfg.Opt('allowed_schemes', type=_Items, default=['http', 'https'],
            help='URL schemes that may be imported from.'),
    cfg.Opt('disallowed_schemes', type=_Items, default=[],
            help='URL schemes that may not be imported from.'),
    cfg.Opt('allowed_hosts', type=_Hosts, default=[],
            help='Hosts that may be imported from; empty: all.'),
    cfg.Opt('disallowed_hosts', type=_Hosts, default=[],
            help='Hosts that may not be imported from.'),
    cfg.Opt('allowed_ports', type=_Ports, default=[80, 443],
            help='Ports that may be imported from.'),
    cfg.Opt('disallowed_ports', type=_Ports, default=[],
            help='Ports that may not be imported from.'),
    cfg.BoolOpt('allow_private_addresses', default=False, help="""
Let users name hosts with private addresses, such as 10.0.0.0/8. Hosts named in
allowed_hosts may have any address; from all others loopback, link-local,
multicast and translated addresses are refused whatever this option says.
"""),
    cfg.IntOpt('connect_timeout', default=10, min=1, max=600,
               help='Seconds to wait for a connection to such a host.'),
    cfg.IntOpt('read_timeout', default=60, min=1, max=3600,
               help='Seconds without a byte from such a host after which it '
                    'is given up.'),
    cfg.IntOpt('minimum_rate', default=8192, min=0, max=1024 ** 3, help="""
Bytes a second that such a host has to give, or to take from an export, so that
one that sends a little now and then does not hold a place for ever. Counted is
the time in which it is waited for; a host that has been slower for longer than
twice read_timeout and a minute is given up. 0: any rate. It holds for reading
locations on web servers as well.
"""),
    cfg.BoolOpt('allow_unconfirmed_end', default=False, help="""
Take data from hosts that announce no length and mark its end only by closing
the connection, as with HTTP/1.0. A connection that broke off looks the same:
part of the data may be taken for all of it.
"""),
    cfg.StrOpt('ca_file', help='Certificates of authorities that such hosts '
                               'are verified with; those of the system when '
                               'unset.'),
]

inject_group = cfg.OptGroup('inject_metadata_properties',
                            title='Plugin inject_image_metadata')

inject_opts = [
    lists.list_opt('ignore_user_roles', default='admin',
                   help='Roles whose imports get no properties.'),
    lists.dict_opt('inject', default={},
                   help='Properties that imported images get, as name:value.'),
]

conversion_group = cfg.OptGroup('image_conversion',
                                title='Plugin image_conversion')

conversion_opts = [
    cfg.StrOpt('output_format', default='raw',
               choices=['qcow2', 'raw', 'vmdk'],
               help='Format to which imported data is converted.'),
]

download_group = cfg.OptGroup('glance_download_properties',
                              title='Import method glance-download')

download_opts = [
    cfg.Opt('extra_properties', type=_Items,
            default=['hw_', 'trait:', 'os_distro', 'os_secure_boot',
                     'os_type'],
            help="""
Starts of the names of properties that come along with an image of another
region.
"""),
]

_GROUPS = {import_group: import_opts, filter_group: filter_opts,
           inject_group: inject_opts, conversion_group: conversion_opts,
           download_group: download_opts}


def register_opts(conf):
    conf.register_opts(opts)
    for group, group_opts in _GROUPS.items():
        conf.register_group(group)
        conf.register_opts(group_opts, group=group)


def list_opts():
    return {None: opts, **_GROUPS}
