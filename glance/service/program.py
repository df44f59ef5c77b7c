"""What all programs do first and last: configuration, log, processes."""

import contextlib
import logging
import resource
import shutil
import sys

from oslo_config import cfg
from oslo_log import log

import glance
from glance.common import exceptions
from glance import conf
from glance.conf import errors
from glance.conf import files
from glance.metrics import exposition
from glance.rpc import transport
from glance.service import checking
from glance.service.http import listening
from glance.service.http import tls
from glance.service import parts as program_parts
from glance.service import report
from glance.service import supervisor
from glance.service import worker

LOG = log.getLogger(__name__)

_MISTAKES = (cfg.Error, errors.ConfigurationError, log.LogConfigError)
# they tell every connection and every message at INFO
_CHATTY = ('alembic=WARNING', 'amqp=WARNING', 'kombu=WARNING',
           'oslo.messaging=WARNING', 'oslo_messaging=WARNING',
           # but this is what the driver `log` of notifications is for
           'oslo.messaging.notification=INFO',
           'oslo_service=WARNING', 'eventlet=WARNING', 'stevedore=WARNING',
           'urllib3=WARNING', 'keystoneauth=WARNING',
           'keystonemiddleware=WARNING', 'oslo_policy=WARNING',
           'sqlalchemy=WARNING')


def configure(argv, prog, failed=1, check=checking.check, **kwargs):
    """Read options and configuration files, and set the log up.

    :param failed: status to end with when they cannot be used
    :param check: looks at them, as that of `checking`
    :param kwargs: as of a call of `cfg.ConfigOpts`; which files there are is
        known without them
    """
    paths, folders = files.of(prog)
    logging.captureWarnings(True)
    log.set_defaults(default_log_levels=list(_CHATTY))
    try:
        conf.CONF(argv, project=files.PROJECT, prog=prog,
                  version=glance.__version__, **dict(
                      {'default_config_files': paths,
                       'default_config_dirs': folders}, **kwargs))
        told = check(conf.CONF)
        _set_log_up()
    except (*_MISTAKES, OSError) as error:
        end(prog, error, failed)
    except UnicodeDecodeError:
        end(prog, 'not in UTF-8: %s' % ', '.join(files.undecodable(
            argv, paths, folders)), failed)
    for text in told:
        LOG.warning(text)


def _set_log_up():
    """:raises ConfigurationError: it cannot be as configured"""
    try:
        log.setup(conf.CONF, files.PROJECT)
    except (RuntimeError, TypeError, ValueError) as error:
        raise errors.ConfigurationError(
            'The log cannot be as it is configured, see default_log_levels, '
            'syslog_log_facility and use_journal: %s' % error) from None


@contextlib.contextmanager
def told(prog):
    """What is no fault of the program ends it with a line that says why."""
    try:
        yield
    except (*_MISTAKES, OSError) as error:
        end(prog, error)


def end(prog, error, status=1):
    """End the program with a line that says why."""
    print('%s: %s' % (prog, ' '.join(str(error).split())), file=sys.stderr)
    sys.exit(status)


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


def listen(host, port):
    """:returns: a listening socket; without one the program ends"""
    try:
        return listening.listen(host, port, conf.CONF.backlog,
                                conf.CONF.tcp_keepidle)
    except OSError as exc:
        end(conf.CONF.prog, 'cannot listen on %s port %d: %s'
            % (host, port, exc.strerror))


def listen_for_users():
    """The socket of the API, see `listen`."""
    try:
        # Workers read the files themselves; who starts us should know now.
        tls.context(conf.CONF)
    except errors.ConfigurationError as error:
        end(conf.CONF.prog, error)
    return listen(conf.CONF.bind_host, conf.CONF.bind_port)


def serve(parts, count, sockets=(), metrics_port=None):
    """Run workers until told to stop, then end the process.

    :param parts: see `glance.service.worker.run`
    :param count: function that gives the number of workers
    :param sockets: closed when no more workers will be started
    :param metrics_port: where to serve metrics, if they are wanted
    """
    raise_file_limit()
    conf.CONF.log_opt_values(log.getLogger(files.PROJECT), logging.DEBUG)
    sockets, measuring = list(sockets), _metrics(metrics_port)
    report.log(conf.CONF.prog, sockets)
    folder = exposition.share() if measuring else None
    try:
        status = supervisor.Supervisor(
            lambda: [*parts(), *map(program_parts.Metrics, measuring)],
            count, lambda: [one.close() for one in sockets + measuring]).run()
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    worker.leave(status)


def serve_alone(parts, metrics_port, sockets=()):
    """Run everything in this process until told to stop, then end it.

    :param sockets: as of `serve`, to tell of
    """
    raise_file_limit()
    measuring = _metrics(metrics_port)
    report.log(conf.CONF.prog, sockets)
    worker.leave(worker.run(
        lambda: [*parts(), *map(program_parts.Metrics, measuring)]))


def run_once(prog, function):
    """Call a function that needs a registry, hosted here if nowhere else.

    Errors that are no fault of the program end it with a message.
    """
    started = []
    try:
        if transport.hosts_locally('registry'):
            part = program_parts.registry()
            part.start()
            started.append(part)
        function()
    except (exceptions.GlanceError, OSError, RuntimeError) as error:
        end(prog, error)
    finally:
        for part in started:
            part.stop(5)
        transport.cleanup()


def _metrics(port):
    """:returns: the sockets to serve metrics on"""
    if not exposition.is_wanted():
        return []
    return [listen(conf.CONF.metrics.listen, port)]
