"""Look at all that the configuration files say, before anybody uses it.

oslo.config looks at a value when it is asked for, and never at what nobody
asks for. A program would start, and the first request that needs a wrong
value would fail; a name with a typo would be passed over without a word.
"""

import contextlib
import copy
import difflib
from importlib import metadata
import logging
import os
import re

from keystoneauth1 import exceptions
from keystoneauth1 import loading
from oslo_config import cfg
from oslo_config import types
import oslo_messaging

from glance.conf import errors
from glance.conf import notifications
from glance.conf import opts as declared
from glance.notifications import bus
from glance.store import backends as stores
from glance.store import options as store_options

# Options of drivers that are not in use, whose libraries may be missing.
_OTHER_DRIVERS = re.compile(
    '(cinder|default_swift|filesystem|http|https|rbd|s3|sheepdog|swift|'
    'vmware)_')
# Sections of libraries that declare their options nowhere.
_FOREIGN = re.compile('privsep|oslo_reports')


class Configuration:
    """A second reading of the files that the programs have read.

    :param conf: the global CONF, after its call
    """

    def __init__(self, conf):
        self._files = [(path, _parse(path)) for path in _paths(conf)]
        self._probe = cfg.ConfigOpts()
        self._probe([], project='glance', default_config_files=list(
            conf.config_file or ()), default_config_dirs=list(
                conf.config_dir or ()))
        self._opts = {}
        self.told = []

    def declare(self, group, opts):
        """:param group: name of the section the options are in"""
        group = _normal(group)
        known = self._opts.setdefault(group, {})
        for opt in opts:
            if opt.dest not in known:
                known[opt.dest] = opt
                self._probe.register_opt(
                    opt, group=None if group == 'DEFAULT' else group)

    def value(self, group, name):
        """:raises ConfigurationError: it is wrong"""
        group = _normal(group)
        section = self._probe if group == 'DEFAULT' else self._probe[group]
        try:
            return section[name]
        except (cfg.Error, ValueError) as error:
            raise errors.ConfigurationError(
                self.told_of(group, name, error)) from None

    def told_of(self, group, name, error):
        """:returns: what to tell of a value, with the file it is in"""
        opt = self._opts[group][name]
        reason = str(error).rpartition('is not valid: ')[2]
        if opt.secret or isinstance(opt.type, types.URI):
            # It may hold a password.
            reason = 'this value cannot be used'
        where = self._where(group, opt) or 'the environment'
        return '[%s] %s in %s: %s' % (group, opt.name, where, reason)

    def wrong(self):
        """Yield what to tell of each value that cannot be used."""
        for group, opts in self._opts.items():
            for name in opts:
                try:
                    self.value(group, name)
                except errors.ConfigurationError as error:
                    yield str(error)

    def sections_with(self, name):
        """:returns: {section: last value of an option in it}"""
        return {section: values[name][-1] for _path, sections in self._files
                for section, values in sections.items() if name in values}

    def _where(self, group, opt):
        """:returns: file and line that set an option, None if none do"""
        for path, sections in reversed(self._files):
            for section, name in _names(group, opt):
                if any(_normal(own) == section and name in values
                       for own, values in sections.items()):
                    return _place(path, section, name)
        return None

    def without_effect(self, group, opts):
        """Yield what to tell of options that are to go."""
        for opt in opts:
            where = opt.deprecated_for_removal and self._where(group, opt)
            if where:
                yield ('[%s] %s in %s has no effect, or will not for long: %s'
                       % (group, opt.name, where, opt.deprecated_reason))

    def unknown(self, passed_over):
        """Yield what to tell of sections and names that nobody reads.

        :param passed_over: (section, name) -> whether to say nothing
        """
        known = {}
        for group, opts in self._opts.items():
            for opt in opts.values():
                for section, name in _names(group, opt):
                    known.setdefault(section, set()).add(name)
        for path, sections in self._files:
            for section, values in sections.items():
                names = known.get(_normal(section))
                if names is None and not passed_over(section, ''):
                    yield 'Section [%s] in %s is unknown and not read%s' % (
                        section, path, _like(section, known))
                for name in sorted(values.keys() - (names or values.keys())):
                    if not passed_over(section, name):
                        yield '[%s] %s in %s is unknown and not read%s' % (
                            section, name, _place(path, section, name),
                            _like(name, names))


def check(conf):
    """Look at every value of the files that a program has read.

    :param conf: the global CONF, after its call
    :returns: list of texts, what the administrator should know
    :raises ConfigurationError: a value is wrong; with option and file
    """
    with silence():
        found = read(conf)
        for text in _wrong(found):
            raise errors.ConfigurationError(text)
        backends = found.value('DEFAULT', 'enabled_backends') or {}
        return [*found.told, *found.unknown(
            lambda section, name: _is_foreign(section, name, backends))]


def wrong(conf):
    """:param conf: the global CONF, after its call
    :returns: list of texts, what to tell of each value that cannot be used
    :raises ConfigurationError: as `read`
    """
    with silence():
        return list(_wrong(read(conf)))


def _wrong(found):
    yield from found.wrong()
    yield from _unknown_drivers(found)
    yield from _wrong_buses(found)


def read(conf):
    """:returns: Configuration, with all options declared
    :raises ConfigurationError: which ones depends on a value that is wrong
    """
    found = Configuration(conf)
    for group, opts in declared.list_ours():
        found.declare(group, opts)
    for group, opts in _of_stores(found):
        found.declare(group, opts)
    for group, opts in (*declared.list_ours(), *_of_stores(found)):
        found.told += found.without_effect(group, opts)
    for group, opts in (*declared.list_libraries(), *_of_plugins(found)):
        # Their own ones tell of what is deprecated, when it is used.
        found.declare(group, [copy.copy(opt) for opt in opts])
    return found


def _of_stores(found):
    """:returns: (section, options) of each store that is configured"""
    backends = found.value('DEFAULT', 'enabled_backends') or {}
    kinds = set(backends.values())
    pairs = [(section, store_options.common() + stores.declared(kind))
             for section, kind in backends.items()]
    if not backends:
        kinds = set(found.value('glance_store', 'stores'))
    shared = [opt for kind in sorted(kinds) for opt in stores.declared(kind)]
    return [*pairs, ('glance_store', shared), (store_options.SHARED, shared)]


def _of_plugins(found):
    """:returns: (section, options) where one says how to authenticate"""
    for section in found.sections_with('auth_section'):
        yield section, loading.get_auth_common_conf_options()
    for section, kind in found.sections_with('auth_type').items():
        for opts in (loading.get_auth_common_conf_options(),
                     loading.get_session_conf_options(),
                     loading.get_adapter_conf_options()):
            yield section, opts
        try:
            yield section, loading.get_auth_plugin_conf_options(kind)
        except exceptions.NoMatchingPlugin as error:
            raise errors.ConfigurationError('[%s] auth_type: %s'
                                            % (section, error)) from None


def _unknown_drivers(found):
    """Yield what to tell of notifications that nobody would send.

    The library passes over a driver that it does not find, and each
    notification would count as sent.
    """
    known = metadata.entry_points(group=bus.DRIVERS).names
    for name in found.value('oslo_messaging_notifications', 'driver'):
        if name not in known | notifications.NOWHERE:
            yield found.told_of(
                'oslo_messaging_notifications', 'driver',
                'there is no driver %s, but %s; several ones take a line each'
                % (name, ', '.join(sorted(known))))


def _wrong_buses(found):
    """Yield what to tell of URLs that lead to no bus; they hold passwords."""
    known = metadata.entry_points(group='oslo.messaging.drivers').names
    for section in ('DEFAULT', 'registry', 'conductor',
                    'oslo_messaging_notifications'):
        url = found.value(section, 'transport_url')
        if not url:
            continue
        try:
            scheme = oslo_messaging.TransportURL.parse(
                cfg.ConfigOpts(), url).transport
        except (oslo_messaging.InvalidTransportURL, ValueError):
            yield found.told_of(section, 'transport_url', '')
            continue
        if scheme.partition('+')[0] not in known:
            yield '%s: there is no bus %s, write rabbit://...' % (
                found.told_of(section, 'transport_url', ''), scheme)


def _is_foreign(section, name, backends):
    if _FOREIGN.match(section):
        return True
    if section in ('glance_store', store_options.SHARED):
        return bool(_OTHER_DRIVERS.match(name))
    # The library of this store is missing here.
    return section in backends and not stores.declared(backends[section])


def _paths(conf):
    yield from conf.config_file or ()
    for folder in conf.config_dir or ():
        for name in sorted(os.listdir(folder)):
            if name.endswith('.conf'):
                yield os.path.join(folder, name)


def _parse(path):
    sections = {}
    cfg.ConfigParser(path, sections).parse()
    return sections


def _place(path, section, name):
    """:returns: the file with the last line that sets an option"""
    found = current = None
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            if line.startswith('['):
                current = line.strip()[1:-1]
            elif current is not None and _normal(current) == _normal(section):
                # Lines that go on with a value begin with a space.
                if re.split('[:=]', line)[0].rstrip() == name:
                    found = number
    return '%s line %d' % (path, found)


def _names(group, opt):
    """Yield each (section, name) by which files may set an option."""
    yield from ((_normal(group), name) for name in (opt.dest, opt.name))
    for older in opt.deprecated_opts:
        section = _normal(older.group or group)
        name = older.name or opt.name
        yield from ((section, name), (section, name.replace('-', '_')))


def _normal(section):
    """Sections are the same in small and in capital letters."""
    return section if section == 'DEFAULT' else section.lower()


def _like(name, known):
    found = difflib.get_close_matches(name, sorted(known), 1)
    return '; is %s meant?' % found[0] if found else ''


@contextlib.contextmanager
def silence():
    """Of libraries, while values are looked at that they may use later."""
    loggers = [logging.getLogger(name)
               for name in ('oslo_config.cfg', 'stevedore')]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before):
            logger.setLevel(level)
