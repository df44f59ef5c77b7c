"""Nothing of the contract is left out without a word."""

from oslotest import base

from tests.contract import contract
from tests.contract import report


class TestReport(base.BaseTestCase):

    def test_each_cause_is_shown_or_excused(self):
        shown, every = report.coverage()['causes']
        excused = set(contract.excuses('statuses'))
        print('\n'.join(report.lines()))
        self.assertEqual(set(), every - shown - excused, 'not shown')
        self.assertEqual(set(), excused & shown, 'shown after all')
        self.assertEqual(set(), excused - every, 'not in the contract')

    def test_every_operation(self):
        shown, every = report.coverage()['operations']
        self.assertEqual(every, shown)
        self.assertEqual(
            contract.load('routes')['counts']['operations_in_this_file'],
            len(every))
