"""[paste_deploy]: which pipeline of filters serves."""

from oslo_config import cfg

group = cfg.OptGroup('paste_deploy', title='Pipeline')

opts = [
    cfg.StrOpt(
        'flavor', sample_default='keystone', help="""
Name of the pipeline: the application glance-api, or glance-api-FLAVOR, of the
paste file. Known flavors are keystone, caching, cachemanagement,
keystone+caching, keystone+cachemanagement, trusted-auth, standalone (no
authentication, for the same host only) and http_basic (users of the file
named by [oslo_middleware] http_basic_auth_user_file).
"""),
    cfg.StrOpt(
        'config_file', sample_default='glance-api-paste.ini', help="""
Path of the paste file. Unset: the file beside the last configuration file,
whose name ends in -paste.ini instead of .conf; else glance-api-paste.ini in
/etc/glance; else the one that is installed with the service.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
