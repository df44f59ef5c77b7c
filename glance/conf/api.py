"""Options of the HTTP edge: callers, lists, URLs, sizes of what is read."""

from oslo_config import cfg

_NO_DEBUGGER = 'There is no such debugger here.'

opts = [
    cfg.BoolOpt(
        'allow_anonymous_access', default=False, help="""
Serve callers without a valid token as anonymous ones: they may only read, and
only what the policies allow somebody without a role. Otherwise they get 401.
"""),
    cfg.IntOpt(
        'limit_param_default', default=25, min=1, help="""
Number of entries on one page of a list when the request names no limit.
"""),
    cfg.IntOpt(
        'api_limit_max', default=1000, min=1, help="""
Highest number of entries on one page of a list, whatever the request says.
"""),
    cfg.IntOpt(
        'max_request_id_length', default=64, help="""
Longest request id, in characters, that is taken over from the header
X-Openstack-Request-Id. A longer one is answered with 400.
"""),
    cfg.IntOpt(
        'max_json_body_size', default=4 * 1024 ** 2, min=1024,
        max=256 * 1024 ** 2, help="""
Largest JSON body, in bytes, that a request may have; a larger one is answered
with 413. The bytes of images are not meant: see image_size_cap.
"""),
    cfg.StrOpt(
        'public_endpoint', help="""
URL of the service as its users see it, without a version, for the absolute
URLs in answers. Unset: taken from each request, which is right also behind a
proxy when [oslo_middleware] enable_proxy_headers_parsing is on.
"""),
    cfg.StrOpt(
        'worker_self_reference_url', help="""
URL under which this host is known to the others, without a version, where
something is on its disk: image cache, staged data. It has to differ from host
to host. Unset: made of the host name and bind_port.
"""),
    cfg.StrOpt(
        'property_protection_file', help="""
Path of a file that says who may create, read, update and delete which custom
properties. Unset: whoever may change an image may change its properties.
"""),
    cfg.StrOpt(
        'property_protection_rule_format', default='roles',
        choices=['roles', 'policies'], help="""
What the property protection file holds: role names, or names of rules of the
policy file.
"""),
    cfg.BoolOpt(
        'show_image_direct_url', default=False, help="""
Show the location of the data as direct_url of an image. It can hold
credentials of the store.
"""),
    cfg.BoolOpt(
        'show_multiple_locations', default=False,
        deprecated_for_removal=True, deprecated_since='Newton',
        deprecated_reason='The locations API has policies of its own.',
        help="""
Show the list of locations of an image and let it be changed by a patch. It
can hold credentials of the store.
"""),
    cfg.HostAddressOpt(
        'pydev_worker_debug_host', sample_default='localhost',
        deprecated_for_removal=True, deprecated_since='1.0',
        deprecated_reason=_NO_DEBUGGER,
        help='Accepted for existing configuration files; not used.'),
    cfg.PortOpt(
        'pydev_worker_debug_port', default=5678,
        deprecated_for_removal=True, deprecated_since='1.0',
        deprecated_reason=_NO_DEBUGGER,
        help='Accepted for existing configuration files; not used.'),
]

wsgi_group = cfg.OptGroup('wsgi', title='WSGI server')

wsgi_opts = [
    cfg.IntOpt(
        'task_pool_threads', default=16, min=1, help="""
Number of native threads in which an API process does short things that block,
so that the greenlets of other requests go on. Of no use without greenlets, see
GLANCE_CONCURRENCY, where each request has its own thread.
"""),
    cfg.StrOpt(
        'python_interpreter', deprecated_for_removal=True,
        deprecated_since='1.0',
        deprecated_reason='No child interpreter is started.',
        help='Accepted for existing configuration files; not used.'),
]


def register_opts(conf):
    conf.register_opts(opts)
    conf.register_group(wsgi_group)
    conf.register_opts(wsgi_opts, group=wsgi_group)


def list_opts():
    return {None: opts, wsgi_group: wsgi_opts}
