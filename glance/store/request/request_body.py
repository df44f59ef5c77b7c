"""The body of a WSGI request as bytes, whatever server it came through.

Behind our own two servers the socket is at hand: a native thread can then
read the body past the hub, and chunks are parsed strictly by us. Behind any
other server the body is what `wsgi.input` gives.
"""

from collections.abc import Callable
from wsgiref import types as wsgi_types

from glance.common import concurrency
from glance.common import exceptions
from glance.service.http import client_socket
from glance.store.request import body_framing
from glance.store.request import byte_streams

_IDLE = 900               # seconds, where the server sets no limit


def open(environ: wsgi_types.WSGIEnvironment) -> 'RequestBody':
    """:returns: the body of the request"""
    length = content_length(environ)
    if hasattr(environ['wsgi.input'], 'framing'):
        return _Own(environ, length)
    return RequestBody(environ, length)


def content_length(environ: wsgi_types.WSGIEnvironment) -> int | None:
    """:returns: bytes of the body, None when it comes in chunks
    :raises BadRequest: the header is no number
    """
    if environ.get('HTTP_TRANSFER_ENCODING', '').strip().lower() == 'chunked':
        return None
    text = environ.get('CONTENT_LENGTH') or '0'
    if not (text.isascii() and text.isdigit()):
        raise exceptions.BadRequest('Content-Length is not a number.')
    return int(text)


def is_under_way(environ: wsgi_types.WSGIEnvironment) -> bool:
    """Whether the client may have given a part of the body away.

    Only who waits for `100 Continue` has all of it. The others have begun to
    send, read or not, and what they read it from may be at its end.
    """
    if 'HTTP_TRANSFER_ENCODING' not in environ and (
            environ.get('CONTENT_LENGTH') or '0').strip('0') == '':
        return False
    return not getattr(environ['wsgi.input'], 'is_held_back', False)


def trailers(environ: wsgi_types.WSGIEnvironment) -> dict[str, str]:
    """:returns: {name in lower case: value} of what came after the body;
        empty before its end, and where the server does not tell
    """
    return getattr(getattr(environ['wsgi.input'], 'framing', None),
                   'trailers', {})


class RequestBody:
    """A body behind some server.

    :ivar length: bytes that must come, None when nobody says
    """

    def __init__(self, environ: wsgi_types.WSGIEnvironment, length: int | None
                 ) -> None:
        self.length = length
        read = environ['wsgi.input'].read
        if length is None and 'uwsgi.version' in environ and (
                not environ.get('wsgi.input_terminated')):
            read = _uwsgi_read
        self._body = body_framing.ServerFramed(read, length)

    def readinto(self, view: memoryview) -> int:
        return self._body.readinto(view)

    def go_native(self, check: Callable[[], object]) -> bool:
        """From now on native threads read.

        :param check: called now and then while waiting; raises to stop
        :returns: whether they can
        """
        return not concurrency.is_green()

    def close(self) -> None:
        """Free what is held; the connection stays."""


def _uwsgi_read(wanted: int) -> bytes:
    import uwsgi
    try:
        data: bytes = uwsgi.chunked_read()
        return data
    except OSError:
        # All that it tells is that it failed.
        raise exceptions.UploadBroken(
            'A chunk of the body is broken, late, or larger than the server '
            'takes (chunked-input-limit).') from None


class _Own(RequestBody):
    """A body on a connection of ours: the server sees how far it was read."""

    def __init__(self, environ: wsgi_types.WSGIEnvironment, length: int | None
                 ) -> None:
        self.length = length
        self._input = environ['wsgi.input']
        self._sock = client_socket.get(environ)
        self._stream: byte_streams.SocketStream | None = None

    def readinto(self, view: memoryview) -> int:
        count: int = self._input.readinto(view)
        return count

    def go_native(self, check: Callable[[], object]) -> bool:
        if self._sock is None:
            return super().go_native(check)
        self._input.proceed()
        self._stream = byte_streams.SocketStream(
            self._sock, self._input.take_received(),
            self._sock.gettimeout() or _IDLE, check)
        self._input.use(self._stream)
        return True

    def close(self) -> None:
        if self._stream is not None:
            # It may have received the beginning of the next request.
            self._input.give_back(self._stream.take_prefix())
            self._stream.close()
