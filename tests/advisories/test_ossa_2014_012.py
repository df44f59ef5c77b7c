"""OSSA-2014-012: a shell command was built from what a user had given."""

import ast
import pathlib

from oslotest import base

import glance

_SHELLS = {('os', 'system'), ('os', 'popen'), ('subprocess', 'getoutput'),
           ('subprocess', 'getstatusoutput'),
           ('asyncio', 'create_subprocess_shell')}


def shells(source):
    """Calls that let a shell read a command."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if (isinstance(function, ast.Attribute)
                and isinstance(function.value, ast.Name)
                and (function.value.id, function.attr) in _SHELLS):
            yield node.lineno
        for keyword in node.keywords:
            constant = getattr(keyword.value, 'value', True)
            if keyword.arg == 'shell' and constant is not False:
                yield node.lineno


class TestNoShell(base.BaseTestCase):

    def test_the_search_finds_shells(self):
        for source in ('subprocess.run(command, shell=True)',
                       'processutils.execute(a, shell=flag)',
                       'os.system(command)'):
            self.assertEqual([1], list(shells(source)), source)

    def test_no_shell_in_the_service(self):
        found, files = [], 0
        for path in pathlib.Path(glance.__file__).parent.rglob('*.py'):
            files += 1
            found += ['%s:%d' % (path, line)
                      for line in shells(path.read_text())]
        self.assertEqual([], found)
        self.assertGreater(files, 100)
