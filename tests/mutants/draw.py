"""Mutants of files, by the operators of mutmut.

Its own command runs pytest, changes functions only and draws nothing.
"""

import difflib
import random

import libcst
from libcst import metadata
from mutmut.mutation import mutators

from tests.mutants import left_out


class Mutant:
    """:ivar lines: range of the lines of the statement that is changed"""

    def __init__(self, path, old, new, lines):
        self.path, self.old, self.new, self.lines = path, old, new, lines

    def diff(self):
        return ''.join(difflib.unified_diff(
            self.old.splitlines(True), self.new.splitlines(True), self.path,
            self.path, n=1))


def draw(root, files, count, seed):
    """:param root: pathlib.Path that the files are below
    :param files: pathlib.Paths
    :returns: list of `count` Mutants or of all there are, numbered from 1
    """
    drawn = []
    for change in _shuffled(root, files, seed):
        if len(drawn) == count:
            break
        mutant = change.mutant()
        if mutant is not None:
            drawn.append(mutant)
            mutant.number = len(drawn)
    return drawn


def _shuffled(root, files, seed):
    changes = [change for path in files
               for change in _changes(path, str(path.relative_to(root)))]
    random.Random(seed).shuffle(changes)
    return changes


def _changes(path, name):
    visitor = _Visitor(name, path.read_text(encoding='utf-8'))
    metadata.MetadataWrapper(libcst.parse_module(visitor.text),
                             unsafe_skip_copy=True).visit(visitor)
    return visitor.changes


class _Change:

    def __init__(self, path, module, node, instead, lines):
        self._path, self._module, self._lines = path, module, lines
        self._node, self._instead = node, instead

    def mutant(self):
        """:returns: None if it is none, or one that no test has to notice"""
        old = self._module.code
        new = self._module.deep_replace(self._node, self._instead).code
        try:
            compile(new, self._path, 'exec')
        except SyntaxError:
            return None
        if left_out.is_left_out(old, new):
            return None
        return Mutant(self._path, old, new, self._lines)


class _Visitor(libcst.CSTVisitor):
    METADATA_DEPENDENCIES = (metadata.PositionProvider,)

    def __init__(self, path, text):
        self._path, self.text = path, text
        self._statements = [range(1, 2)]
        self.changes = []

    def visit_Module(self, node):
        self._module = node

    def on_visit(self, node):
        if isinstance(node, libcst.Annotation):
            return False
        if isinstance(node, libcst.BaseStatement | libcst.SimpleStatementLine):
            self._statements.append(self._lines(node))
        for kind, operator in mutators.mutation_operators:
            if isinstance(node, kind):
                self._add(node, operator(node))
        return super().on_visit(node)

    def on_leave(self, node):
        if isinstance(node, libcst.BaseStatement | libcst.SimpleStatementLine):
            self._statements.pop()
        super().on_leave(node)

    def _lines(self, node):
        place = self.get_metadata(metadata.PositionProvider, node)
        return range(place.start.line, place.end.line + 1)

    def _add(self, node, replacements):
        around = self._statements[-1]
        inner = self.get_metadata(metadata.PositionProvider, node, None)
        start, end = around.start, around.stop
        if inner:
            # A decorator stands before what it is part of.
            start, end = min(start, inner.start.line), inner.end.line + 1
        for instead in replacements:
            self.changes.append(_Change(
                self._path, self._module, node, instead,
                range(start, end)))
