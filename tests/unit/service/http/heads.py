"""Heads of requests that two readers could read in two ways.

Each is refused by both of our servers, and by what stands before the
application under uWSGI or is seen of it there.
"""

_HOST = b'Host: x\r\nConnection: close\r\n'


def _get(*lines, first=b'GET / HTTP/1.1'):
    return first + b'\r\n' + _HOST + b''.join(lines) + b'\r\n'


def _post(*lines, body=b'abc', first=b'POST /length HTTP/1.1'):
    return _get(*lines, first=first) + body


_CONTROLS = bytes(number for number in (*range(9), *range(11, 13),
                                        *range(14, 32), 127))

REFUSED = {
    'bare CR makes a header': _get(b'X-a: b\rX-Roles: admin\r\n'),
    'bare LF makes a header': _get(b'X-a: b\nX-Roles: admin\r\n'),
    'bare LF ends the head': b'GET / HTTP/1.1\nHost: x\n\n',
    'bare LF ends a line': b'GET / HTTP/1.1\r\nHost: x\n\r\n',
    'CR CR LF': _get(b'X-a: b\r\r\n'),
    'fold': _get(b'X-a: b\r\n X-Roles: admin\r\n'),
    'fold with a tab': _get(b'X-a: b\r\n\tc\r\n'),
    'fold before the first header': b'GET / HTTP/1.1\r\n x: y\r\n' + _HOST
                                    + b'\r\n',
    'space before the colon': _get(b'X-Roles : admin\r\n'),
    'tab before the colon': _get(b'X-Roles\t: admin\r\n'),
    'no colon': _get(b'nonsense\r\n'),
    'no name': _get(b': admin\r\n'),
    'space in a name': _get(b'X Roles: admin\r\n'),
    'byte above ASCII in a name': _get(b'X-R\xf6les: admin\r\n'),
    'NUL in a name': _get(b'X-\x00Roles: admin\r\n'),
    'CR in a name': _get(b'X-\rRoles: admin\r\n'),
    'two lengths': _post(b'Content-Length: 3\r\nContent-Length: 4\r\n'),
    'the same length twice': _post(b'Content-Length: 3\r\n' * 2),
    'list of lengths': _post(b'Content-Length: 3, 3\r\n'),
    'length +': _post(b'Content-Length: +3\r\n'),
    'length -': _post(b'Content-Length: -3\r\n'),
    'length _': _post(b'Content-Length: 0_3\r\n'),
    'length in hex': _post(b'Content-Length: 0x3\r\n'),
    'empty length': _post(b'Content-Length:\r\n'),
    'length with VT': _post(b'Content-Length: \x0b3\r\n'),
    'length with FF': _post(b'Content-Length: 3\x0c\r\n'),
    'length with NBSP': _post(b'Content-Length: \xa03\r\n'),
    'length in Arabic': _post('Content-Length: ٣\r\n'.encode()),
    'length of 20 digits': _post(b'Content-Length: ' + b'9' * 20 + b'\r\n'),
    'length of 5000 digits': _post(b'Content-Length: ' + b'9' * 5000
                                   + b'\r\n'),
    'length behind a space': _post(b'Content-Length : 3\r\n'),
    'length and chunks': _post(b'Content-Length: 3\r\n'
                               b'Transfer-Encoding: chunked\r\n'),
    'chunks in HTTP/1.0': _post(b'Transfer-Encoding: chunked\r\n',
                                first=b'POST /length HTTP/1.0'),
    **{'coding %r' % coding: _post(b'Transfer-Encoding: ' + coding + b'\r\n')
       for coding in (b'\x0bchunked', b'chunked\x0c', b'\x00chunked',
                      b'xchunked', b'gzip', b'identity', b'chunked, chunked',
                      b'gzip, chunked', b'chunked, gzip', b'', b'chunked;a=b',
                      b'"chunked"', b'chunked\xa0', b',chunked')},
    'two codings': _post(b'Transfer-Encoding: chunked\r\n' * 2),
    'coding behind a space': _post(b'Transfer-Encoding : chunked\r\n'),
    **{'control %02x' % number: _get(b'X-a: b%cc\r\n' % number)
       for number in _CONTROLS},
    **{'control %02x in the path' % number:
       b'GET /a%cb HTTP/1.1\r\n' % number + _HOST + b'\r\n'
       for number in _CONTROLS},
    'HTTP/0.9': b'GET /\r\n\r\n',
    'HTTP/0.9 named': _get(first=b'GET / HTTP/0.9'),
    'HTTP/1': _get(first=b'GET / HTTP/1'),
    'HTTP/1.10': _get(first=b'GET / HTTP/1.10'),
    'HTTP/01.1': _get(first=b'GET / HTTP/01.1'),
    'HTTP/2.0': _get(first=b'GET / HTTP/2.0'),
    'HTTP/9.9': _get(first=b'GET / HTTP/9.9'),
    'HTTP/1.+1': _get(first=b'GET / HTTP/1.+1'),
    'http/1.1': _get(first=b'GET / http/1.1'),
    'other protocol': _get(first=b'GET / ICY/1.1'),
    'two spaces': _get(first=b'GET  / HTTP/1.1'),
    'tab for a space': _get(first=b'GET\t/ HTTP/1.1'),
    'space at the end': _get(first=b'GET / HTTP/1.1 '),
    'space at the beginning': _get(first=b' GET / HTTP/1.1'),
    'space in the path': _get(first=b'GET /a b HTTP/1.1'),
    'no method': _get(first=b'/ HTTP/1.1'),
    'method with a colon': _get(first=b'GET: / HTTP/1.1'),
    'relative path': _get(first=b'GET images HTTP/1.1'),
    'other scheme': _get(first=b'GET ftp://x/ HTTP/1.1'),
    'user in the URL': _get(first=b'GET http://a@x/ HTTP/1.1'),
    'no host in the URL': _get(first=b'GET http:///v2 HTTP/1.1'),
    'fragment': _get(first=b'GET /a#b HTTP/1.1'),
    'asterisk': _get(first=b'GET * HTTP/1.1'),
    'authority': _get(first=b'CONNECT x:443 HTTP/1.1'),
    'two hosts': _get(b'Host: y\r\n'),
    'the same host twice': _get(b'Host: x\r\n'),
    'two empty hosts': b'GET / HTTP/1.1\r\nHost:\r\nHost:\r\n\r\n',
    **{'host %r' % host: b'GET / HTTP/1.1\r\nHost: ' + host + b'\r\n\r\n'
       for host in (b'a@x', b'x/y', b'x y', b'x\ty', b'x, y', b'x?y', b'x#y',
                    b'x\\y', b'x"y', b'<x>', b'x^', b'x|y', b'{x}', b'`',
                    b'\xfc', b'http://x', b':80', b':', b'x:y', b'x:80:80',
                    b'x:-1', b'x: 80', b'::1', b'[', b'[]', b'[::1', b'::1]',
                    b'[::1]x', b'x[::1]', b'[::1]]', b'[[::1]]', b'[x/y]',
                    *(b'x%cy' % number for number in _CONTROLS))},
    'no host before a port in the URL': _get(
        first=b'GET http://:80/ HTTP/1.1'),
    'TLS': b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
}
# {request: what the application then sees: path, query and X-Roles}
TAKEN = {
    _get(first=b'GET //v2//images HTTP/1.1'): ('//v2//images', '', None),
    _get(first=b'GET http://h:1/v2/images?a=b HTTP/1.1'): (
        '/v2/images', 'a=b', None),
    _get(first=b'GET HTTP://h?a HTTP/1.1'): ('/', 'a', None),
    _get(first=b'GET /a%2fb%20c?d%2fe HTTP/1.1'): (
        '/a/b c', 'd%2fe', None),
    _get(first=b'OPTIONS * HTTP/1.1'): ('*', '', None),
    _get(b'X-Roles:admin\r\n'): ('/', '', 'admin'),
    _get(b'X-Roles: \t admin \t\r\n'): ('/', '', 'admin'),
    _get(b'X-Roles: a\r\nx-roles: b\r\n'): ('/', '', 'a,b'),
    _get(b'X-Roles:\r\n'): ('/', '', ''),
    _get(b'X_Roles: admin\r\n'): ('/', '', None),
    _get(b'X-Roles: a\tb\r\n'): ('/', '', 'a\tb'),
    b'GET / HTTP/1.0\r\n\r\n': ('/', '', None),
    b'\r\n' + _get(): ('/', '', None),
    _get(first=b'GET /\xc3\xbc HTTP/1.1'): ('/Ã¼', '', None),
    _get(b'Transfer_Encoding: chunked\r\nContent_Length: 5\r\n'): (
        '/', '', None),
}
