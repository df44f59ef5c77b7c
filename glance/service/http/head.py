"""The head of a request, read as RFC 9112 says.

Two readers that see different requests in the same bytes can be made to mix up
requests of different users. So both of our servers read heads here, and what
could be read in two ways is refused.
"""

import dataclasses
import re
import string
import urllib.parse

MAX_REQUEST_LINE = 8192
MAX_HEADERS_SIZE = 65536
MAX_HEADERS = 100

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_FIRST_LINE = re.compile(rb'(' + _TOKEN + rb') ([^\x00-\x20\x7f]+) '
                         rb'HTTP/([0-9])\.([0-9])')
_NAME = re.compile(_TOKEN)
_VALUE = re.compile(rb'[\t\x20-\x7e\x80-\xff]*')
_HOST_LETTER = rb"[A-Za-z0-9._~\-!$&'()*+,;=%]"
_AUTHORITY = re.compile(rb'(?:' + _HOST_LETTER + rb'+|'
                        rb'\[(?:' + _HOST_LETTER + rb'|:)+\])(?::[0-9]*)?')
_ABSOLUTE = re.compile(rb'(?i)https?://([^/?#]+)(/[^?]*)?(?:\?(.*))?')
_LONE_LF = re.compile(rb'(?<!\r)\n')
_END = b'\r\n\r\n'
_DIGITS = frozenset(string.digits)
# an exabyte less one; a longer number may mean another one to somebody else
_MOST_DIGITS = 18
_VERSIONS = {(b'1', b'0'): 'HTTP/1.0', (b'1', b'1'): 'HTTP/1.1'}


class Refused(Exception):
    """The connection has to end after this answer.

    :ivar status: of HTTP
    """

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


@dataclasses.dataclass
class Head:
    """What a client wants.

    :ivar version: HTTP/1.0 or HTTP/1.1
    :ivar path: bytes as latin-1, without escapes, as WSGI has them
    :ivar fields: {name in upper case with underscores: value}; the values of
                  a name that is repeated are joined by commas
    :ivar length: bytes of the body, None when it comes in chunks
    :ivar keeps: whether the client would like to send more requests
    """

    method: str
    version: str
    path: str
    query: str
    fields: dict
    length: int | None
    keeps: bool

    @property
    def has_body(self):
        return self.length != 0

    @property
    def awaits_continue(self):
        """Whether the body is sent when we have said that we want it."""
        return (self.has_body and self.version == 'HTTP/1.1'
                and self.fields.get('EXPECT', '').lower() == '100-continue')

    def environ(self):
        """:returns: the part of a WSGI environment that is of the head"""
        found = {'HTTP_' + name: value for name, value in self.fields.items()}
        for name in ('CONTENT_TYPE', 'CONTENT_LENGTH'):
            if 'HTTP_' + name in found:
                found[name] = found.pop('HTTP_' + name)
        return {**found, 'REQUEST_METHOD': self.method, 'SCRIPT_NAME': '',
                'PATH_INFO': self.path, 'QUERY_STRING': self.query,
                'SERVER_PROTOCOL': self.version,
                'wsgi.input_terminated': self.length is None}


class Reader:
    """Collects what comes until the head is complete.

    :param longest: bytes of a header line
    """

    def __init__(self, longest):
        self._data = bytearray()
        self._begun = False
        self._longest = longest
        self._most = max(MAX_HEADERS_SIZE, 2 * longest)

    def __len__(self):
        return len(self._data)

    def feed(self, data):
        """:returns: (Head, what came after it), None as long as it goes on
        :raises Refused:
        """
        seen = max(0, len(self._data) - len(_END))
        self._data += data
        if not self._begun and self._data[:2] == b'\r\n':
            # Clients of old send one line too many after a body.
            del self._data[:2]
            self._begun = True
        end = self._data.find(_END, seen)
        self._check_lines(seen, end)
        if end < 0:
            return None
        return (parse(bytes(self._data[:end]), self._longest, self._most),
                bytes(self._data[end + len(_END):]))

    def _check_lines(self, seen, end):
        """What need not be waited for is refused at once."""
        data = self._data
        if not (data in (b'', b'\r') or _NAME.match(data[:1])):
            raise Refused(400, 'This is no request of HTTP.')
        if _LONE_LF.search(data, seen, end if end >= 0 else len(data)):
            raise Refused(400, 'A line does not end with CR and LF.')
        if end < 0 and len(data) > MAX_REQUEST_LINE + 64:
            if data.find(b'\n', 0, MAX_REQUEST_LINE + 64) < 0:
                raise _too_long()
            if len(data) > self._most + MAX_REQUEST_LINE:
                raise _too_large()


def _too_long():
    return Refused(414, 'The URL is longer than %d bytes.'
                   % MAX_REQUEST_LINE)


def _too_large():
    return Refused(431, 'The headers are too many or too long.')


def parse(data, longest, most):
    """:param data: the lines, without the empty one that ends them
    :param longest: bytes of a header line
    :param most: bytes of all of them
    :returns: Head
    :raises Refused:
    """
    first, *lines = data.split(b'\r\n')
    method, target, version = _first_line(first)
    path, query, authority = _target(method, target)
    if (len(lines) > MAX_HEADERS or len(data) - len(first) > most
            or any(len(line) > longest for line in lines)):
        raise _too_large()
    pairs = [_field(line) for line in lines]
    length = _length(pairs, version)
    fields = _joined(pairs)
    _check_host(pairs)
    if authority is not None:
        fields['HOST'] = authority.decode('latin-1')
    elif not fields.get('HOST'):
        # An empty one is none: no link is made with it.
        fields.pop('HOST', None)
    wanted = [option.strip(' \t').lower()
              for option in fields.get('CONNECTION', '').split(',')]
    keeps = 'close' not in wanted and (version == 'HTTP/1.1'
                                       or 'keep-alive' in wanted)
    return Head(method.decode('latin-1'), version, path, query, fields,
                length, keeps)


def _first_line(line):
    if len(line) > MAX_REQUEST_LINE:
        raise _too_long()
    found = _FIRST_LINE.fullmatch(line)
    if not found:
        raise Refused(400, 'The first line is no request of HTTP.')
    method, target, major, minor = found.groups()
    version = _VERSIONS.get((major, minor))
    if version is None:
        raise Refused(505, 'Only HTTP/1.0 and HTTP/1.1 are spoken here.')
    return method, target, version


def _target(method, target):
    """:returns: path, query, authority or None"""
    if b'#' in target:
        raise Refused(400, 'The URL has a fragment.')
    authority = None
    if target[:1] == b'/':
        path, _mark, query = target.partition(b'?')
    elif target == b'*' and method == b'OPTIONS':
        path, query = target, b''
    else:
        found = _ABSOLUTE.fullmatch(target)
        if not found or not _AUTHORITY.fullmatch(found[1]):
            raise Refused(400, 'The URL is neither a path nor of HTTP.')
        authority, path, query = found[1], found[2] or b'/', found[3] or b''
    return (urllib.parse.unquote_to_bytes(path).decode('latin-1'),
            query.decode('latin-1'), authority)


def _field(line):
    name, colon, value = line.partition(b':')
    if not colon or not _NAME.fullmatch(name):
        raise Refused(400, 'A header line is malformed.')
    value = value.strip(b' \t')
    if not _VALUE.fullmatch(value):
        raise Refused(400, 'A header has a control character.')
    return name.decode('latin-1').upper(), value.decode('latin-1')


def _length(pairs, version):
    lengths = [value for name, value in pairs if name == 'CONTENT-LENGTH']
    encodings = [value for name, value in pairs
                 if name == 'TRANSFER-ENCODING']
    problem = framing_problem(lengths, encodings)
    if not problem and encodings and version == 'HTTP/1.0':
        problem = 'HTTP/1.0 has no Transfer-Encoding.'
    if problem:
        raise Refused(400, problem)
    return None if encodings else int(lengths[0]) if lengths else 0


def framing_problem(lengths, encodings):
    """What is wrong with the framing headers of a request.

    :param lengths: all values of Content-Length
    :param encodings: all values of Transfer-Encoding
    :returns: a sentence, or None
    """
    if lengths and encodings:
        return 'Content-Length and Transfer-Encoding exclude each other.'
    if len(lengths) > 1 or len(encodings) > 1:
        return 'A framing header appears more than once.'
    if lengths and not (0 < len(lengths[0]) <= _MOST_DIGITS
                        and _DIGITS.issuperset(lengths[0])):
        return 'Content-Length is not a number of bytes.'
    if encodings and encodings[0].lower() != 'chunked':
        return 'Only the transfer encoding "chunked" is known.'
    return None


def _joined(pairs):
    """X_Roles would look like X-Roles to the application: left out."""
    fields = {}
    for name, value in pairs:
        if '_' not in name:
            name = name.replace('-', '_')
            fields[name] = (value if name not in fields
                            else fields[name] + ',' + value)
    return fields


def _check_host(pairs):
    hosts = [value for name, value in pairs if name == 'HOST']
    if hosts not in ([], ['']) and not (
            len(hosts) == 1
            and _AUTHORITY.fullmatch(hosts[0].encode('latin-1'))):
        raise Refused(400, 'The Host header is not one name.')
