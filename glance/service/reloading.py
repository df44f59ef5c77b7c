"""The configuration is read again, and given back when it cannot be used."""

import contextlib
import logging

from oslo_config import cfg
from oslo_log import log

from glance import conf

LOG = log.getLogger(__name__)


def read_again():
    """:returns: whether there is a new configuration, which the log follows"""
    before = snapshot()
    try:
        if not conf.CONF.reload_config_files():
            # oslo.config has said why.
            LOG.error('The new configuration is not valid and is not used')
            return False
        _read_values()
        set_log_up()
    except Exception as error:
        give_back(before)
        LOG.error('The new configuration is not used: %s', error)
        return False
    return True


def mutate():
    """For who cannot be replaced: take over what may change at run time."""
    before = conf.CONF._mutable_ns
    try:
        with _log_kept():
            conf.CONF.mutate_config_files()
    except Exception as error:
        conf.CONF._mutable_ns = before
        _forget_values()
        LOG.error('The new configuration is not used: %s', error)


def snapshot():
    """:returns: what the files have said, see `give_back`"""
    return conf.CONF._namespace


def give_back(before):
    """:param before: a `snapshot`"""
    conf.CONF._namespace = before
    _forget_values()
    try:
        set_log_up()
    except Exception as error:
        # The file of before may have changed or be gone.
        LOG.warning('The log stays as it is: %s', error)


def set_log_up():
    """:raises Exception: as the log cannot be as configured, it stays"""
    with _log_kept():
        log.setup(conf.CONF, 'glance')


def _read_values():
    """:raises Exception: a value is not what its option takes"""
    for name in conf.CONF:
        value = conf.CONF[name]
        if isinstance(value, cfg.ConfigOpts.GroupAttr):
            dict(value)


@contextlib.contextmanager
def _log_kept():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    except Exception:
        root.handlers[:] = handlers
        root.setLevel(level)
        raise


def _forget_values():
    # What clears the cache of read values, and nothing else.
    conf.CONF.register_opts([])
