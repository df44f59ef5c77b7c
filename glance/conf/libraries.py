"""Defaults of library options that are different for this service."""

from importlib import metadata

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


# Groups of options of the libraries that our programs use.
NAMESPACES = (
    'castellan.config', 'keystonemiddleware.audit',
    'keystonemiddleware.auth_token', 'oslo.concurrency', 'oslo.db',
    'oslo.limit', 'oslo.log', 'oslo.messaging', 'oslo.middleware',
    'oslo.middleware.basic_auth', 'oslo.policy', 'oslo.service.periodic_task',
    'oslo.service.service', 'oslo.service.sslutils', 'oslo.service.wsgi',
    'osprofiler')


def list_opts():
    """:returns: list of (group, options)"""
    found = metadata.entry_points(group='oslo.config.opts')
    return [pair for name in NAMESPACES for pair in found[name].load()()]


def set_defaults():
    cors.set_defaults(
        allow_headers=_SENT_HEADERS, expose_headers=_READ_HEADERS,
        allow_methods=['GET', 'PUT', 'POST', 'DELETE', 'PATCH'])
    policy_opts.set_defaults(cfg.CONF, policy_file='policy.yaml')
    profiler_opts.set_defaults(cfg.CONF)
