"""How large files, functions and folders of the code are.

    python -m tests.sizes
"""

import ast
import pathlib
import statistics

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


def _row(what, sizes):
    print('%-22s %5d   median %3d   p95 %3d   most %3d' % (
        what, len(sizes), statistics.median(sizes),
        statistics.quantiles(sizes, n=20)[-1], max(sizes)))


def main():
    _row('modules, in lines', [lines(path) for path in modules()])
    _row('functions, in lines', [size for path in modules()
                                 for _name, size in functions(path)])
    _row('folders, in modules', list(folders().values()))


if __name__ == '__main__':
    main()
