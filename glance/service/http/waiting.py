"""A connection between two requests: what it waits for, and for how long.

Whoever waits holds no place of the server, only a file and what has come of a
head and a short body. So silent clients and slow ones do not get in the way of
others.
"""

import collections
import dataclasses
from http import client as http_client
import json
import resource
import time

from glance.service.http import head

# Places that no slow client can take: for those who ask whether we live.
_HEALTH_PATH = '/healthcheck'
HEALTH_PLACES = 8
# Connections that wait, for each place of those served
_WAITING_PER_PLACE = 10
# Bytes of a body that is part of what is waited for
_SHORT_BODY = 16384
# Seconds in which a server that stops still answers on connections that were
# accepted or kept; each answer then says that it is the last one.
LAST_REQUEST_WITHIN = 1
FULL = head.Refused(503, 'Too many requests wait here already.')


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of the options, for the connections of a server.

    :ivar places: requests with a body at the same time; those without one
    :ivar waiting: connections that wait for a request; requests of a kind
                   that wait for a place
    :ivar idle: seconds of silence, None for no limit
    :ivar head: seconds from the first byte of a head to its last
    :ivar longest: bytes of a header line
    """

    places: int
    waiting: int
    idle: float | None
    head: float
    longest: int

    @classmethod
    def of(cls, options):
        """:param options: the group of `glance.conf.service`"""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return cls(places=options.max_connections,
                   waiting=max(1, min(
                       _WAITING_PER_PLACE * options.max_connections,
                       files // 4)),
                   idle=options.client_socket_timeout or None,
                   head=min(options.request_head_timeout,
                            options.client_socket_timeout or float('inf')),
                   longest=options.max_header_line)


class Waiting:
    """What one connection waits for.

    :param first: whether no request has come yet; then a head must come soon
    """

    def __init__(self, limits, first):
        self._limits = limits
        self._reader = head.Reader(limits.longest)
        self._until = self._head = self._body = None
        self._extend(limits.head if first else limits.idle)

    def _extend(self, seconds):
        if seconds is not None:
            self._until = time.monotonic() + seconds

    @property
    def deadline(self):
        """Seconds of the monotonic clock, None for no limit."""
        return self._until

    def feed(self, data):
        """:returns: (Head, what came after it), None as long as it goes on
        :raises Refused:
        """
        if self._head is not None:
            self._body += data
        else:
            if not len(self._reader):
                self._until = None
                self._extend(self._limits.head)
            found = self._reader.feed(data)
            if found is None or not _is_short(found[0]):
                return found
            self._head, self._body = found[0], bytearray(found[1])
        if len(self._body) >= self._head.length:
            return self.ended()
        self._until = None
        self._extend(self._limits.idle)
        return None

    def ended(self):
        """What there is when nothing more comes, see `feed`."""
        return self._head and (self._head, bytes(self._body))

    def too_late(self):
        """:returns: the answer to who has begun a request, None else"""
        if not len(self._reader):
            return None
        return head.Refused(408, 'The request did not come in time.')


def _is_short(request):
    """Whether a body is collected before anybody has to wait for it."""
    return (0 < (request.length or 0) <= _SHORT_BODY
            and not request.awaits_continue)


def is_to_come(request, received):
    """Whether more of the body is to come than has been received."""
    return request.has_body and (request.length is None
                                 or len(received) < request.length)


class Parked(collections.OrderedDict):
    """{connection: what it waits for}, the longest waiting one first.

    :param most: of them; others make room for new ones
    """

    def __init__(self, most):
        super().__init__()
        self._most = most

    def surplus(self):
        """:returns: the one to close now, None if there is room"""
        return self.oldest() if len(self) > self._most else None

    def oldest(self):
        """:returns: the one to close first, None if there is none"""
        return next(iter(self), None)


def kind(request):
    """Which places a request may take: of its own kind only.

    :param request: `glance.service.http.head.Head`
    """
    if request.has_body:
        return 'body'
    return ('health' if request.path.startswith(_HEALTH_PATH) else 'plain')


def places(limits, make):
    """:returns: {kind: what `make(places)` gives}"""
    return {'body': make(limits.places), 'plain': make(limits.places),
            'health': make(HEALTH_PLACES)}


def refusal(refused):
    """:returns: the bytes of the last answer of a connection"""
    status, headers, body = wsgi_refusal(refused)
    lines = ['HTTP/1.1 ' + status, *map(': '.join, headers),
             'Connection: close', '', '']
    return '\r\n'.join(lines).encode('ascii') + body


def wsgi_refusal(refused):
    """:returns: status, headers and body of the answer"""
    reason = http_client.responses[refused.status]
    status = '%d %s' % (refused.status, reason)
    body = json.dumps({'message': str(refused), 'title': reason,
                       'code': status}).encode('ascii')
    return status, [('Content-Type', 'application/json'),
                    ('Content-Length', str(len(body)))], body


def closing(headers):
    """The headers of an answer without what it says of the connection.

    :param headers: list of (name, value)
    :returns: (others, whether the answer is to be the last one)
    """
    others = [one for one in headers if one[0].lower() != 'connection']
    said = [value.lower() for name, value in headers
            if name.lower() == 'connection']
    return others, 'close' in said
