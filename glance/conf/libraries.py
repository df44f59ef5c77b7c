"""Defaults of library options that are different for this service."""

from oslo_config import cfg
from oslo_middleware import cors
from oslo_policy import opts as policy_opts
from osprofiler import opts as profiler_opts

_READ_HEADERS = ['X-Image-Meta-Checksum', 'X-Auth-Token', 'X-Subject-Token',
                 'X-Service-Token', 'X-OpenStack-Request-ID']

_SENT_HEADERS = ['Content-MD5', 'X-Image-Meta-Checksum', 'X-Storage-Token',
                 'Accept-Encoding', 'X-Auth-Token', 'X-Identity-Status',
                 'X-Roles', 'X-Service-Catalog', 'X-User-Id', 'X-Tenant-Id',
                 'X-OpenStack-Request-ID']


def set_defaults():
    cors.set_defaults(
        allow_headers=_SENT_HEADERS, expose_headers=_READ_HEADERS,
        allow_methods=['GET', 'PUT', 'POST', 'DELETE', 'PATCH'])
    policy_opts.set_defaults(cfg.CONF, policy_file='policy.yaml')
    profiler_opts.set_defaults(cfg.CONF)
