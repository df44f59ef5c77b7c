"""Commands, their arguments and sub-commands: agreed, and as they are."""

import configparser
import functools
import importlib
import inspect
import pathlib
import re
import subprocess
import sys

from oslo_config import cfg

from glance.cmd import cache_manage
from glance.cmd import manage_actions
from tests.contract import contract

_SETUP = pathlib.Path(__file__).parents[2] / 'setup.cfg'
_MANAGE = 'glance-manage'
_CACHE = 'glance-cache-manage'


def rows():
    """:returns: {row: its default, None where there is none}"""
    found = {}
    for name, script in contract.load('commands')['scripts'].items():
        found[name] = None
        if name == _MANAGE:
            found.update(_agreed_of_manage(script['commands']))
            continue
        found.update(_arguments(name, script.get('arguments', ())))
        for command, facts in script.get('commands', {}).items():
            found['%s %s' % (name, command)] = None
            if isinstance(facts, dict):
                found.update(_arguments('%s %s' % (name, command),
                                        facts['arguments']))
    return found


def _arguments(prefix, arguments):
    """Options, and the words that a positional argument may be."""
    found = {}
    for argument in arguments:
        names = argument.get('choices') or [
            name for name in argument['names'] if name.startswith('-')]
        default = argument.get('default')
        found.update(('%s %s' % (prefix, name), default) for name in names)
    return found


def _agreed_of_manage(commands):
    found = {}
    for action, facts in commands['db'].items():
        name = '%s db %s' % (_MANAGE, action)
        found[name] = None
        for argument in facts['arguments']:
            for option in argument['names']:
                if option.startswith('--'):
                    found['%s %s' % (name, option)] = facts[
                        'python_defaults'][option[2:]]
    found.update(('%s %s' % (_MANAGE, alias), None)
                 for alias in commands['legacy_aliases'])
    return found


def shown():
    """:returns: {row: its default} of what our scripts have"""
    found = dict.fromkeys(scripts())
    found.update(_of_manage())
    found.update(_of_cache())
    for row, default in rows().items():
        script, _space, word = row.partition(' ')
        if word and script in scripts() and script not in (_MANAGE, _CACHE):
            if all(_names(script, one) for one in word.split()):
                found[row] = default
    return found


@functools.cache
def scripts():
    """:returns: {name: module:function}"""
    parser = configparser.ConfigParser()
    parser.read(_SETUP)
    lines = parser['entry_points']['console_scripts'].strip().splitlines()
    return dict([part.strip() for part in line.split('=')] for line in lines)


def _of_manage():
    for action in manage_actions.ACTIONS:
        name = '%s db %s' % (_MANAGE, action.name)
        yield name, None
        if action.alias:
            yield '%s %s' % (_MANAGE, action.alias), None
        defaults = inspect.signature(action.run).parameters
        for option in action.options:
            default = defaults[option.name].default
            yield '%s --%s' % (name, option.name), default


def _of_cache():
    parser = cache_manage._parser()
    for action in parser._actions:
        for name in action.option_strings:
            if name not in ('-h', '--help'):
                yield '%s %s' % (_CACHE, name), parser.get_default(
                    action.dest)
    for command in (*cache_manage._COMMANDS, 'help'):
        yield '%s %s' % (_CACHE, command), None


def _names(script, word):
    """Whether the help of a script has a word."""
    return re.search(r'(?<![\w-])%s(?![\w-])' % re.escape(word),
                     _help(script))


@functools.cache
def _help(script):
    module, function = scripts()[script].split(':')
    arguments = ['upgrade', 'check'] if script == 'glance-status' else []
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c',
         'from %s import %s as main; main()' % (module, function),
         *arguments, '--help'], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr + ' '.join(arguments)


def option(fact):
    """The option of a command that the contract has among the options.

    :returns: None when the command has none of this name
    """
    for script in fact['used_by']:
        module = scripts().get(script.partition(' ')[0], ':').partition(':')[0]
        if module:
            for one in _options_of(importlib.import_module(module)):
                if one.name.replace('-', '_') == fact['name'].replace('-',
                                                                      '_'):
                    return one
    return None


def _options_of(module):
    """Options in tables of a module."""
    for value in vars(module).values():
        for one in value if isinstance(value, (list, tuple)) else ():
            if isinstance(one, cfg.Opt):
                yield one


def owns(fact):
    """Whether an option belongs to commands alone."""
    return all(user.partition(' ')[0] in contract.load('commands')['scripts']
               and user != 'glance-api' for user in fact['used_by'])
