"""Options as the contract describes them, and as they are registered."""

import configparser
import functools
import importlib
import pathlib
import pkgutil
import sys
from unittest import mock

import glance_store
from oslo_config import cfg
from oslo_config import types
from stevedore import driver as stevedore_driver

from glance import conf
from glance.conf import libraries
from tests.contract import contract

_PASTE = pathlib.Path(__file__).parents[2] / 'etc' / 'glance-api-paste.ini'
_KINDS = ((types.Port, 'port'), (types.HostAddress, 'host address'),
          (types.Boolean, 'boolean'), (types.Integer, 'integer'),
          (types.String, 'string'))


def facts():
    """:returns: {row: what is said of the option}"""
    document = contract.load('options')
    found = {'%s/%s' % (fact['group'], dest(fact['name'])): fact
             for fact in document['glance_options']}
    for fact in document['glance_store_options']:
        found['store %s/%s' % (fact['driver'], fact['name'])] = fact
    for store_id in document['reserved_stores']['stores']:
        for fact in document['reserved_stores']['options_in_each_section']:
            default = fact['default']
            if isinstance(default, str):
                default = default.replace('<reserved store id>', store_id)
            found['%s/%s' % (store_id, fact['name'])] = dict(
                fact, default=default)
    return found


def dest(name):
    """Dashes and underscores are the same in a file."""
    return name.replace('-', '_')


@functools.cache
def registered():
    """:returns: {row: option}"""
    found = {}
    for group, options in _ours():
        name = getattr(group, 'name', group) or 'DEFAULT'
        if name != 'database':
            found.update(('%s/%s' % (name, one.dest), one)
                         for one in options)
    for kind in contract.load('options')['store_sections']['driver_types']:
        found.update(('store %s/%s' % (kind, one.name), one)
                     for one in _of_driver(kind))
    for one in glance_store.Store.MULTI_BACKEND_OPTIONS:
        found['store (every driver)/' + one.name] = one
    core = conf.CONF._groups['glance_store']._opts
    for name in ('default_backend', 'default_store', 'stores'):
        found['store (core)/' + name] = core[name]['opt']
    return found


def _ours():
    libraries.set_defaults()
    for module in pkgutil.iter_modules(conf.__path__):
        if module.name == 'libraries':
            continue
        listed = getattr(importlib.import_module('glance.conf.'
                                                 + module.name),
                         'list_opts', None)
        if listed:
            pairs = listed()
            yield from pairs.items() if isinstance(pairs, dict) else pairs


def _of_driver(kind):
    """The options of a driver, also where its libraries are not there."""
    try:
        return _load(kind)
    except ModuleNotFoundError:
        with mock.patch.dict(sys.modules):
            return _load_with_placeholders(kind)


def _load(kind):
    return stevedore_driver.DriverManager(
        'glance_store.drivers', kind, invoke_on_load=False).driver.OPTIONS


def _load_with_placeholders(kind):
    while True:
        try:
            return _load(kind)
        except ModuleNotFoundError as error:
            if error.name in sys.modules:
                raise
            sys.modules[error.name] = mock.MagicMock()


def described(opt, fact):
    """:returns: the option, with those keys that the fact has"""
    default = opt.default
    if isinstance(default, str):
        # As it is read.
        default = default.replace('$$', '$')
    seen = {'default': default, 'type': _type(opt),
            'min': getattr(opt.type, 'min', None),
            'max': getattr(opt.type, 'max', None),
            'choices': sorted(getattr(opt.type, 'choices', None) or ()),
            'secret': opt.secret, 'mutable': opt.mutable,
            'deprecated_names': [
                '%s/%s' % (old.group or 'same group', old.name or opt.name)
                for old in opt.deprecated_opts]}
    wanted = {name: fact[name] for name in seen if name in fact}
    if 'choices' in wanted:
        wanted['choices'] = sorted(wanted['choices'])
    return {name: seen[name] for name in wanted}, wanted


def _type(opt):
    if isinstance(opt, cfg.MultiOpt):
        return {'item': 'string', 'kind': 'multi'}
    if isinstance(opt.type, types.List):
        return {'kind': 'list', 'item': _plain(opt.type.item_type),
                'bounds': opt.type.bounds}
    if isinstance(opt.type, types.Dict):
        return {'kind': 'dict', 'value': _plain(opt.type.value_type),
                'bounds': opt.type.bounds}
    return _plain(opt.type)


def _plain(kind):
    return next(name for known, name in _KINDS if isinstance(kind, known))


def pipelines():
    """:returns: {flavor: names of filters} of our paste file"""
    parser = configparser.ConfigParser(delimiters=('=', ':'),
                                       comment_prefixes='#', strict=False)
    parser.read(_PASTE)
    found = {}
    for section in parser.sections():
        if section.startswith('pipeline:api'):
            flavor = section.removeprefix('pipeline:api').lstrip('-')
            found[flavor or '(none)'] = parser[section]['pipeline'].split()
    return found


def write_all(path, stores=('file', 'http', 's3', 'swift')):
    """A file with each option that a file of Glance may hold, by each of its
    names.

    :param stores: kinds of stores, each has one
    :returns: how many lines there are
    """
    sections = {'DEFAULT': {'enabled_backends': ','.join(
        'my%s:%s' % (kind, kind) for kind in stores)}}
    for row, fact in facts().items():
        group, _slash, name = row.partition('/')
        if group.startswith('store '):
            group = 'my' + group.removeprefix('store ')
            if group.removeprefix('my') not in stores:
                continue
        elif fact.get('cli_positional') or 'not a file option' in str(
                fact.get('used_by')):
            continue
        sections.setdefault(group, {}).setdefault(name, _value(fact))
        for older in fact.get('deprecated_names', ()):
            section, _slash, name = older.partition('/')
            if section not in ('same group', group):
                sections.setdefault(section, {}).setdefault(name,
                                                            _value(fact))
    lines = ['use_stderr = true']
    for group, values in sections.items():
        lines += ['[%s]' % group, *('%s = %s' % one
                                    for one in values.items())]
    path.write_text('\n'.join(['[DEFAULT]', *lines]) + '\n')
    return len(lines)


def _value(fact):
    """:returns: as a file says it, for a fact that may have no default"""
    default = fact['default']
    if isinstance(default, list):
        return ','.join(map(str, default))
    if isinstance(default, dict):
        return ','.join('%s:%s' % one for one in default.items())
    if default is not None:
        return str(default).lower() if default in (True, False) else default
    if fact.get('choices'):
        return fact['choices'][0]
    return {'integer': '1', 'port': '1', 'boolean': 'true',
            'host address': '127.0.0.1'}.get(str(fact['type']), 'x')
