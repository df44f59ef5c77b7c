"""All requests of the contract."""

import importlib
import pathlib


def all_cases():
    """:returns: list of `tests.contract.cases.base.Case`"""
    found = []
    for path in sorted(pathlib.Path(__file__).parent.glob('*.py')):
        module = importlib.import_module(__name__ + '.' + path.stem)
        found.extend(getattr(module, 'CASES', ()))
    return found
