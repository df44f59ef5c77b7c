"""What all programs do first and last: configuration, log, processes."""

import logging
import os
import resource
import sys

from oslo_config import cfg
from oslo_log import log

import glance
from glance import conf
from glance.rpc import transport
from glance.service import supervisor
from glance.service import worker

PROJECT = 'glance'
# they tell every connection and every message at INFO
_CHATTY = ('alembic=WARNING', 'amqp=WARNING', 'kombu=WARNING',
           'oslo.messaging=WARNING', 'oslo_messaging=WARNING',
           'oslo_service=WARNING', 'eventlet=WARNING', 'stevedore=WARNING',
           'urllib3=WARNING', 'keystoneauth=WARNING',
           'keystonemiddleware=WARNING', 'oslo_policy=WARNING',
           'sqlalchemy=WARNING')


def config_files(prog, before=(), fallback=None):
    """The files a program reads when it is not told which.

    :param before: programs whose own file is read first, if there is one
    :param fallback: program whose file is read when `prog` has none
    """
    found = []
    for name in before:
        found += _own_file(name)
    own = cfg.find_config_files(PROJECT, prog)
    if fallback and not _own_file(prog):
        own = cfg.find_config_files(PROJECT, fallback)
    return found + own


def _own_file(prog):
    return [path for path in cfg.find_config_files(PROJECT, prog)
            if os.path.basename(path) == prog + '.conf']


def configure(argv, prog, **kwargs):
    """Read options and configuration files, and set the log up.

    :param kwargs: as of a call of `cfg.ConfigOpts`
    """
    logging.captureWarnings(True)
    log.set_defaults(default_log_levels=list(_CHATTY))
    conf.CONF(argv, project=PROJECT, prog=prog,
              version=glance.__version__, **kwargs)
    log.setup(conf.CONF, PROJECT)


def refuse_local(service):
    """A service of its own process needs a bus that leads there."""
    if transport.hosts_locally(service):
        sys.exit('glance-%s: the transport URL is local://, so the %s runs '
                 'inside the processes that use it; set [DEFAULT] '
                 'transport_url to a message bus (rabbit://...) to run it '
                 'on its own.' % (service, service))


def raise_file_limit():
    """Each connection is a file; take as many as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def serve(parts, count, release=lambda: None):
    """Run workers until told to stop, then end the process.

    :param parts: see `glance.service.worker.run`
    :param count: function that gives the number of workers
    :param release: called when no more workers will be started
    """
    raise_file_limit()
    conf.CONF.log_opt_values(log.getLogger(PROJECT), logging.DEBUG)
    worker.leave(supervisor.Supervisor(parts, count, release).run())


def serve_alone(parts):
    """Run everything in this process until told to stop, then end it."""
    raise_file_limit()
    worker.leave(worker.run(parts))
