"""How large files, functions and folders of the code are, and what has types.

    python -m tests.sizes
"""

import ast
import pathlib
import re
import statistics
import tomllib

ROOT = pathlib.Path(__file__).parent.parent / 'glance'
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules():
    """Paths of all modules; what only holds a package together is none."""
    return [path for path in sorted(ROOT.rglob('*.py'))
            if path.name != '__init__.py']


def lines(path):
    return len(path.read_text(encoding='utf-8').splitlines())


def functions(path):
    """Yield (name, lines) of each function, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, _FUNCTIONS):
            body = node.body
            if ast.get_docstring(node, clean=False) is not None:
                body = body[1:]
            yield node.name, (body[-1].end_lineno - body[0].lineno + 1
                              if body else 0)


def folders():
    """{folder: number of modules}, sub-packages apart."""
    counts = {}
    for path in modules():
        folder = str(path.parent.relative_to(ROOT.parent))
        counts[folder] = counts.get(folder, 0) + 1
    return counts


def typed_modules():
    """Paths of the modules that mypy looks into."""
    settings = tomllib.loads((ROOT.parent / 'pyproject.toml').read_text())
    mypy = settings['tool']['mypy']
    for name in mypy['files']:
        path = ROOT.parent / name
        for found in sorted(path.rglob('*.py')) if path.is_dir() else [path]:
            if not re.search(mypy['exclude'], str(found)):
                yield found


def public_functions(path):
    """Yield (name, whether all its types are there) of each."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, _FUNCTIONS) and (
                node.name == '__init__' or not node.name.startswith('_')):
            yield node.name, _is_typed(node)


def _is_typed(node):
    found = node.args
    arguments = [*found.posonlyargs, *found.args, *found.kwonlyargs,
                 found.vararg, found.kwarg]
    return node.returns is not None and all(
        argument.annotation for argument in arguments
        if argument and argument.arg not in ('self', 'cls'))


def _row(what, sizes):
    print('%-22s %5d   median %3d   p95 %3d   most %3d' % (
        what, len(sizes), statistics.median(sizes),
        statistics.quantiles(sizes, n=20)[-1], max(sizes)))


def main():
    _row('modules, in lines', [lines(path) for path in modules()])
    _row('functions, in lines', [size for path in modules()
                                 for _name, size in functions(path)])
    _row('folders, in modules', list(folders().values()))
    typed = [is_typed for path in typed_modules()
             for _name, is_typed in public_functions(path)]
    print('functions at borders   %5d   with types %d %%'
          % (len(typed), 100 * sum(typed) // len(typed)))


if __name__ == '__main__':
    main()
