"""Options, pipelines and defaults of libraries, both ways."""

from oslo_middleware import cors
from oslotest import base

from glance.conf import libraries
from glance.conf import rpc
from tests.contract import commands
from tests.contract import contract
from tests.contract import options


class TestOptions(base.BaseTestCase):

    def test_only_excused_ones_differ(self):
        """Each option of the contract is there, and the same."""
        different = {row for row, fact in options.facts().items()
                     if not self.is_same(row, fact)}
        self.assertEqual(set(contract.excuses('options')), different)

    def is_same(self, row, fact):
        opt = options.registered().get(row)
        if opt is None and 'used_by' in fact and commands.owns(fact):
            opt = commands.option(fact)
            if opt is None and fact.get('command_line'):
                # The test of commands looks at their arguments.
                return True
        if opt is None:
            return False
        seen, wanted = options.described(opt, fact)
        return seen == wanted

    def test_those_beside_the_contract_are_named(self):
        """What is beside the contract is so on purpose."""
        more = set(options.registered()) - set(options.facts())
        groups = {row for row in contract.ours('options')
                  if row.endswith('/*')}
        self.assertEqual(
            set(contract.ours('options')),
            {row if row.partition('/')[0] + '/*' not in groups
             else row.partition('/')[0] + '/*' for row in more})

    def test_pipelines_have_the_filters_of_the_contract(self):
        known = contract.load('options')['paste_flavors']['pipelines']
        ours = options.pipelines()
        for flavor, filters in known.items():
            self.assertEqual(filters + ['rootapp'], ours[flavor], flavor)
        self.assertEqual(set(contract.ours('pipelines')),
                         set(ours) - set(known))

    def test_defaults_of_libraries(self):
        known = contract.load('options')[
            'library_defaults_changed_by_glance']
        libraries.set_defaults()
        rpc.set_defaults()
        for opt in cors.CORS_OPTS:
            self.assertEqual(known.get('cors/' + opt.name, opt.default),
                             opt.default)
