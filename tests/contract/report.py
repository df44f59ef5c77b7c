"""How much of the contract is shown: `python -m tests.contract.report`.

The tests beside this module show every row that is not excused, or fail; so
this has only to count.
"""

from tests.contract import cases
from tests.contract.cases import everywhere
from tests.contract import commands
from tests.contract import contract
from tests.contract import events
from tests.contract import options

ROWS = {'policies': lambda: [rule['name'] for rule
                             in contract.load('policies')['rules']],
        'options': options.facts, 'events': events.rows,
        'commands': commands.rows}


def causes():
    """Rows of all statuses of all operations, with the reasons for them."""
    rows = everywhere.rows()
    for operation in contract.operations():
        rows.extend(operation.causes())
    return rows


def shown_causes():
    """Rows that a request brings about as the contract has them."""
    return {case.row for case in cases.all_cases()
            if case.status == contract.split(case.row)[1]}


def _statuses(rows):
    return {contract.split(row)[:2] for row in rows}


def _operations(rows):
    return {contract.split(row)[0] for row in rows
            if not row.startswith(everywhere.NAME)}


def coverage():
    """:returns: {kind: (rows shown, all rows)}, each a set"""
    shown, every = shown_causes(), set(causes())
    found = {'operations': (_operations(shown), _operations(every)),
             'statuses': (_statuses(shown), _statuses(every)),
             'causes': (shown, every)}
    for kind, rows in ROWS.items():
        every = set(rows())
        found[kind] = every - set(contract.excuses(kind)), every
    return found


def lines():
    """The report: for each kind how much is shown, and what is not."""
    for kind, (shown, every) in coverage().items():
        yield '%-10s %d/%d' % (kind, len(shown), len(every))
    for kind in ('statuses', *ROWS):
        for row, group in contract.excuses(kind).items():
            yield 'not shown: %s: %s' % (row, group['why'])


if __name__ == '__main__':
    print('\n'.join(lines()))
