"""Heads of requests: refused, or understood in one way only."""

import re

import hypothesis
from hypothesis import strategies
from oslotest import base

from glance.service.http import head
from tests.unit.service.http import heads

_NASTY = (b'\r', b'\n', b'\r\n', b'\x00', b'\x0b', b'\x0c', b'\x1f', b'\x7f',
          b'\x85', b'\xa0', b' ', b'\t', b':', b',', b';', b'_', b'+', b'#',
          b'Content-Length: 5', b'Content-Length', b'Transfer-Encoding: ',
          b'chunked', b'5', b'5_0', b'X-Roles', b'admin', b'HTTP/1.1', b'/',
          b'http://', b'Host: x')
_LINES = strategies.lists(strategies.sampled_from(_NASTY)
                          | strategies.binary(max_size=3),
                          max_size=8).map(b''.join)
_HEADS = strategies.builds(
    lambda first, lines: b'\r\n'.join([first, *lines]) + b'\r\n\r\n',
    strategies.sampled_from((b'GET / HTTP/1.1', b'GET / HTTP/1.0')) | _LINES,
    strategies.lists(_LINES | strategies.sampled_from(
        (b'Host: x', b'Content-Length: 5', b'Transfer-Encoding: chunked')),
        max_size=4))
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# RFC 9112, 2 to 5, in one expression
_GRAMMAR = re.compile(
    rb'(\r\n)?' + _TOKEN + rb' [!-~\x80-\xff]+ HTTP/1\.[01]\r\n'
    rb'(' + _TOKEN + rb':[\t -~\x80-\xff]*\r\n)*\r\n', re.DOTALL)


def read(data, step=None):
    """:returns: Head and rest, or the status of the refusal, None if more has
                 to come
    """
    reader = head.Reader(16384)
    step = step or len(data)
    try:
        for start in range(0, len(data), step):
            found = reader.feed(data[start:start + step])
            if found:
                return found[0], found[1] + data[start + step:]
    except head.Refused as refused:
        return refused.status
    return None


class TableTestCase(base.BaseTestCase):

    def test_each_bad_head_is_refused(self):
        for title, data in heads.REFUSED.items():
            self.assertIn(read(data), (400, 505), title)
            self.assertIn(read(data, 1), (400, 505), title)

    def test_each_good_head_is_read(self):
        for data, (path, query, roles) in heads.TAKEN.items():
            for step in (None, 1):
                found, rest = read(data + b'rest', step)
                self.assertEqual((path, query, roles), (
                    found.path, found.query, found.fields.get('X_ROLES')))
                self.assertEqual(b'rest', rest)

    def test_absolute_form_replaces_the_host(self):
        found, _rest = read(b'GET http://h:1/ HTTP/1.1\r\nHost: x\r\n\r\n')
        self.assertEqual('h:1', found.environ()['HTTP_HOST'])

    def test_who_keeps_a_connection(self):
        for version, said, keeps in (
                ('1.1', '', True), ('1.1', 'close', False),
                ('1.1', 'Close', False), ('1.1', 'te, close', False),
                ('1.0', '', False), ('1.0', 'Keep-Alive', True),
                ('1.0', 'keep-alive, close', False)):
            found, _rest = read(b'GET / HTTP/%s\r\nConnection: %s\r\n\r\n' % (
                version.encode(), said.encode()))
            self.assertEqual(keeps, found.keeps, (version, said))

    def test_who_waits_for_a_word(self):
        lines = b'Expect: 100-Continue\r\n'
        for version, length, waits in ((b'1.1', b'5', True),
                                       (b'1.1', b'0', False),
                                       (b'1.0', b'5', False)):
            found, _rest = read(b'PUT / HTTP/%s\r\n%sContent-Length: %s'
                                b'\r\n\r\n' % (version, lines, length))
            self.assertEqual(waits, found.awaits_continue)

    def test_heads_beyond_the_limits_are_refused(self):
        def get(path=b'/', *lines):
            return read(b'GET %s HTTP/1.1\r\n%s\r\n' % (
                path, b''.join(line + b'\r\n' for line in lines)))
        self.assertEqual(414, get(b'/' + b'a' * 8192))
        self.assertEqual(414, get(b'/' + b'a' * 100000))
        self.assertEqual(414, read(b'GET /' + b'a' * 9000))
        self.assertEqual(431, get(b'/', b'X: ' + b'a' * 16382))
        self.assertEqual(431, get(b'/', *[b'X: y'] * 101))
        self.assertEqual(431, read(b'GET / HTTP/1.1\r\nX: ' + b'y' * 90000))
        self.assertEqual('/', get(b'/', b'X: ' + b'a' * 16380,
                                  *[b'X: y'] * 99)[0].path)

    def test_white_space_costs_nothing(self):
        """No time that grows with the square of the length."""
        value = (b' ' * 16000 + b'x') * 1
        found, _rest = read(b'GET / HTTP/1.1\r\n' + b'X:%s\r\n' % value * 4
                            + b'\r\n')
        self.assertEqual('x,x,x,x', found.fields['X'])


class GeneratedTestCase(base.BaseTestCase):

    @hypothesis.settings(max_examples=600, deadline=None)
    @hypothesis.given(_HEADS, strategies.integers(1, 40))
    def test_what_is_taken_is_of_the_grammar(self, data, step):
        found = read(data)
        self.assertEqual(found, read(data, step))
        if not isinstance(found, tuple):
            self.assertIn(found, (400, 414, 431, 505, None))
            return
        taken = data[:len(data) - len(found[1])]
        self.assertTrue(_GRAMMAR.fullmatch(taken), taken)
        names = [line.partition(b':')[0].lower()
                 for line in taken.split(b'\r\n')[1:]]
        self.assertLessEqual(names.count(b'content-length')
                             + names.count(b'transfer-encoding'), 1)
        self.assertLessEqual(names.count(b'host'), 1)
