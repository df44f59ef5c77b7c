"""Commands both ways: names, sub-commands, arguments, defaults."""

import importlib

from oslotest import base

from tests.contract import commands
from tests.contract import contract


class TestCommands(base.BaseTestCase):

    def test_only_excused_ones_differ(self):
        shown = commands.shown()
        different = {row for row, default in commands.rows().items()
                     if row not in shown or not _is_same(
                         default, shown[row])}
        self.assertEqual(set(contract.excuses('commands')), different)

    def test_those_beside_the_contract_are_named(self):
        self.assertEqual(set(contract.ours('commands')),
                         set(commands.shown()) - set(commands.rows()))

    def test_they_can_be_started(self):
        for name, target in commands.scripts().items():
            module, function = target.split(':')
            self.assertTrue(callable(getattr(
                importlib.import_module(module), function)), name)


def _is_same(agreed, seen):
    # Of many arguments the contract tells no default.
    return agreed is None or agreed == seen or not (agreed or seen)
