"""The words for states are written in `glance.objects.states` only."""

import ast
import re

from oslotest import base

from glance.objects import states
from tests import sizes

_HOME = sizes.ROOT / 'objects' / 'states.py'
WORDS = {value for name, value in vars(states).items()
         if name.isupper() and isinstance(value, str)}
# These are words for other things as well: a column, a key of an answer, what
# an audit or a program says. Where nothing speaks of a state they are not
# meant.
_COMMON = {'deleted', 'active', 'bad', 'pending', 'running', 'waiting',
           'cancelled', 'final', 'accepted', 'rejected'}
_STATE = re.compile(r'(^|_)(status|statuses|state)$', re.IGNORECASE)
# Functions whose text argument is the name of something, and those that tell
# of the outcome of an audit.
_NAMED = {'get', 'pop', 'setdefault', 'getattr', 'setattr'}
_TELL = {'labels', '_count', '_emit'}
_COLLECTIONS = ast.Tuple, ast.List, ast.Set

FOUND = (
    "image['status'] == 'active'", "'deleted' != row.status",
    "task.get('status') not in ('success', 'x')", "status in {'bad'}",
    "'bad' in statuses", "work.c.state == 'running'",
    "images.c.status.in_(['active'])", "tasks.end(conn, 'failure')",
    "_end(conn, task, 'success')", "_unless_settled('waiting')",
    "update(status='deleted')", "f(state='running' if owner else 'waiting')",
    "{'status': 'active', 'hash': True}", "{'if_status': ['active']}",
    "{'member_status': 'accepted'}", "row['status'] = 'active'",
    "row.state = 'final'", "_STATUSES = ('active', 'x')",
    "_SHOWN = ('active', 'bad')", "ACTIVE = 'active'", "x = 'queued'",
    "_STATUS = {'copy-image': 'active'}", "return_ = [1, 'importing']",
    "Column('status', String(30), server_default='active')")
OTHERS = (
    "row['deleted']", "row = {'deleted': False, 'active': 1}",
    "Column('deleted', Boolean)", "answer['cancelled']", "x = y['queued']",
    "return_ = {'queued': []}", "job.state.get('active')",
    "job.state['active'] = True", "progress.get('final')",
    "'running' in line", "('id', 'deleted', 'deleted_at')",
    "AUDITS.labels(store, 'bad').inc()", "LOG.info('queued for later')",
    "def f():\n    'queued'", "result = 'bad' if reason else 'good'",
    "status_code == 'active'", "x = {'a': 'pending'}")


def words(source):
    """:returns: [(line, word)] of what is written out as a state"""
    tree = ast.parse(source)
    names = _names(tree)
    found = {(node.lineno, node.value)
             for node in ast.walk(tree)
             if _word(node) and node.value not in _COMMON
             and node not in names}
    for node in ast.walk(tree):
        found |= {(one.lineno, one.value) for one in _states(node)
                  if one not in names}
    return sorted(found)


def _word(node):
    return isinstance(node, ast.Constant) and node.value in WORDS


def _names(tree):
    """Constants that are keys, of dicts or taken from one, or docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            found |= {key for key in node.keys if key is not None}
        elif isinstance(node, ast.Subscript):
            found.add(node.slice)
        elif isinstance(node, ast.Call) and _called(node.func) in _NAMED:
            found |= set(node.args[:2])
        elif isinstance(node, ast.Expr):
            found.add(node.value)
    return {node for node in found if isinstance(node, ast.Constant)}


def _called(func):
    return getattr(func, 'attr', None) or getattr(func, 'id', None)


def _states(node):
    """Yield the words that a node gives to, or compares with, a state."""
    for kind, look in _LOOKS.items():
        if isinstance(node, kind):
            yield from look(node)


def _compared(node):
    parts = [node.left, *node.comparators]
    if any(map(_speaks_of_state, parts)):
        yield from _inside(*parts)


def _keyword(node):
    if _is_state(node.arg):
        yield from _inside(node.value)


def _entries(node):
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and _is_state(key.value):
            yield from _inside(value)


def _assigned(node):
    """Also a constant, such as ACTIVE = 'active'."""
    for target in getattr(node, 'targets', None) or [node.target]:
        if _speaks_of_state(target):
            yield from _inside(node.value)
        elif _word(node.value) and (
                getattr(target, 'id', '').lower() == node.value.value):
            yield node.value


def _several(node):
    """Nothing else is a list of nothing but states."""
    if len(node.elts) > 1 and all(map(_word, node.elts)):
        yield from node.elts


def _given(call):
    """Yield the words that a function gets, unless they name a column."""
    called = _called(call.func)
    if called not in _TELL:
        yield from (word for word in _inside(*call.args)
                    if word.value != 'deleted')
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    if _speaks_of_state(of) or _is_state(called):
        yield from _inside(*call.args)
    # A column of states.
    if any(isinstance(one, ast.Constant) and _is_state(one.value)
           for one in call.args):
        yield from _inside(*[one.value for one in call.keywords])


def _speaks_of_state(node):
    """image['status'], task.get('status'), row.status, state, _STATUSES"""
    if isinstance(node, ast.Subscript):
        return (isinstance(node.slice, ast.Constant)
                and _is_state(node.slice.value))
    if isinstance(node, ast.Call) and _called(node.func) in _NAMED:
        return any(isinstance(one, ast.Constant) and _is_state(one.value)
                   for one in node.args)
    return _is_state(getattr(node, 'attr', None) or getattr(node, 'id', None))


def _is_state(name):
    return isinstance(name, str) and bool(_STATE.search(name))


def _inside(*nodes):
    """Yield the words that a value may be: also of tuples and conditions."""
    for node in nodes:
        if _word(node):
            yield node
        elif isinstance(node, _COLLECTIONS):
            yield from _inside(*node.elts)
        elif isinstance(node, ast.IfExp):
            yield from _inside(node.body, node.orelse)
        elif isinstance(node, ast.BoolOp):
            yield from _inside(*node.values)
        elif isinstance(node, ast.Dict):
            yield from _inside(*node.values)


_LOOKS = {ast.Compare: _compared, ast.keyword: _keyword, ast.Dict: _entries,
          (ast.Assign, ast.AnnAssign): _assigned, ast.Call: _given,
          _COLLECTIONS: _several}


def _modules():
    """All but that of the words, and revisions, which stay as they are."""
    return [path for path in sorted(sizes.ROOT.rglob('*.py'))
            if path != _HOME and path.parent.name != 'versions']


class TestStatusWords(base.BaseTestCase):

    def test_one_module_has_them(self):
        self.assertEqual([], [
            '%s:%d: %s' % (path.relative_to(sizes.ROOT), line, word)
            for path in _modules()
            for line, word in words(path.read_text(encoding='utf-8'))])

    def test_the_words(self):
        self.assertEqual(WORDS, set().union(
            states.TRANSITIONS, states.TASKS, states.MEMBERS,
            states.LOCATIONS_SHOWN, states.WORK_SETTLED,
            ('bad', 'waiting', 'running')))

    def test_each_way_to_write_a_state_is_found(self):
        for source in FOUND:
            self.assertNotEqual([], words(source), source)

    def test_other_things_have_these_names_too(self):
        for source in OTHERS:
            self.assertEqual([], words(source), source)
