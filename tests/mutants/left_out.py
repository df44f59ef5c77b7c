"""What is not tested word by word: logs, help, docstrings, texts of errors."""

import ast
import re

_LEVELS = {'debug', 'info', 'warning', 'error', 'exception', 'log'}
_HELP = {'help', 'description', 'deprecated_reason'}
_SENTENCE = re.compile(r'[A-Z]([a-z\']\S*)? \S')


def is_left_out(old, new):
    """Whether two texts of a module differ in nothing that is tested."""
    known = set()
    return _essence(old, known) == _essence(new, known)


def _essence(text, known):
    return ast.dump(_Strip(known).visit(ast.parse(text)))


class _Strip(ast.NodeTransformer):
    """:param known: what was found to be prose; still is, in other letters"""

    def __init__(self, known):
        self._in_error = False
        self._known = known

    def visit_Raise(self, node):
        outer, self._in_error = self._in_error, True
        self.generic_visit(node)
        self._in_error = outer
        return node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Constant) or _is_log(node.value):
            return ast.Pass()
        return self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if node.name == '__repr__':
            return ast.Pass()
        return self.generic_visit(node)

    def visit_Assign(self, node):
        return ast.Pass() if _is_name(node.targets[0], 'LOG') else (
            self.generic_visit(node))

    def visit_Call(self, node):
        """The type of a cast is for mypy."""
        if _is_cast(node):
            return self.visit(node.args[-1])
        return self.generic_visit(node)

    def visit_keyword(self, node):
        return None if node.arg in _HELP else self.generic_visit(node)

    def visit_Constant(self, node):
        return ast.Constant(None) if self._is_prose(node) else node

    def visit_BinOp(self, node):
        """A text with what is put into it."""
        if self._is_prose(node.left):
            return ast.Constant(None)
        return self.generic_visit(node)

    def _is_prose(self, node):
        if not (isinstance(node, ast.Constant)
                and isinstance(node.value, str)):
            return False
        text = node.value.removeprefix('XX').removesuffix('XX')
        found = bool(_SENTENCE.match(text) or self._in_error and ' ' in text
                     or text.lower() in self._known)
        if found:
            self._known.add(text.lower())
        return found


def _is_log(node):
    return (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and _is_name(node.func.value, 'LOG')
            and node.func.attr in _LEVELS)


def _is_cast(node):
    return (isinstance(node.func, ast.Attribute) and node.func.attr == 'cast'
            and _is_name(node.func.value, 'typing') and len(node.args) == 2)


def _is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name
