"""Every option of ours does something, or is said to do nothing."""

import ast
import pathlib
import re

from oslotest import base

from glance import conf
from glance.store.drivers.file import filesystem
from glance.store.drivers import http
from glance.store import options

_ROOT = pathlib.Path(__file__).parents[3]
_PAGE = _ROOT / 'doc' / 'source' / 'configuration' / 'index.rst'
# `glance.common.uris` puts these names together.
_COMPOSED = {verb + '_' + what for verb in ('allowed', 'disallowed')
             for what in ('schemes', 'hosts', 'ports')}


def _words():
    """Every name of an attribute and every text in the code, without that
    which declares options.
    """
    found = set(_COMPOSED)
    for path in (_ROOT / 'glance').rglob('*.py'):
        if path.parent.name == 'conf':
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant):
                found.add(node.value)
    return found


def _options():
    """[(group, option), ...] as they are registered."""
    for module in conf._MODULES:
        listed = module.list_opts()
        pairs = listed.items() if isinstance(listed, dict) else listed
        for group, opts in pairs:
            for opt in opts:
                yield str(getattr(group, 'name', group) or 'DEFAULT'), opt
    for native in (filesystem.Driver, http.Driver):
        for opt in options.of_driver(native):
            yield native.type + ' store', opt


def _said_to_be_idle(opt):
    return opt.name in filesystem.Driver.IDLE


class TestEffect(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        words = _words()
        self.idle = {'[%s] %s' % (group, opt.name): opt
                     for group, opt in _options()
                     if opt.dest not in words or _said_to_be_idle(opt)}

    def test_all_that_do_nothing_are_documented(self):
        documented = re.findall(r'^   \* - ``(\[.+\] \w+)``$',
                                _PAGE.read_text(), re.MULTILINE)
        self.assertEqual(sorted(self.idle), sorted(documented))

    def test_all_that_do_nothing_say_so_when_set(self):
        for name, opt in self.idle.items():
            self.assertTrue(opt.deprecated_for_removal, name)
            self.assertTrue(opt.deprecated_reason, name)

    def test_options_that_do_something_are_not_among_them(self):
        for name in ('[DEFAULT] workers', '[database] connection',
                     '[file store] filesystem_store_datadir',
                     '[import_filtering_opts] allowed_ports'):
            self.assertNotIn(name, self.idle)
