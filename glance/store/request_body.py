"""The body of a WSGI request as bytes, whatever server it came through.

Behind our own two servers the socket is at hand: a native thread can then
read the body past the hub, and chunks are parsed strictly by us. Behind any
other server the body is what `wsgi.input` gives.
"""

import functools

from glance.common import concurrency
from glance.common import exceptions
from glance.service import client_socket
from glance.store import byte_streams
from glance.store import framing
from glance.store import threads

_IDLE = 900               # seconds, where the server sets no limit
# Seconds in which the client may go on sending what is refused, and seconds
# of silence after which it seems to have stopped: after the answer, and where
# this has to come before the answer.
_LINGER = (30, 2)
_DRAIN = (5, 0.2)


def open(environ):
    """:returns: the body of the request, see `_Plain`"""
    length = content_length(environ)
    source = environ['wsgi.input']
    sock = client_socket.get(environ)
    if sock is None or not hasattr(source, 'rfile'):
        return _Plain(environ, length)
    if hasattr(source, 'send_hundred_continue_response'):
        return _Eventlet(environ, length, sock)
    return _Cheroot(environ, length, sock)


def content_length(environ):
    """:returns: bytes of the body, None when it comes in chunks
    :raises BadRequest: the header is no number
    """
    if environ.get('HTTP_TRANSFER_ENCODING', '').strip().lower() == 'chunked':
        return None
    text = environ.get('CONTENT_LENGTH') or '0'
    if not (text.isascii() and text.isdigit()):
        raise exceptions.BadRequest('Content-Length is not a number.')
    return int(text)


def is_under_way(environ):
    """Whether the client may have given a part of the body away.

    Only who waits for `100 Continue` has all of it. The others have begun to
    send, read or not, and what they read it from may be at its end.
    """
    if 'HTTP_TRANSFER_ENCODING' not in environ and (
            environ.get('CONTENT_LENGTH') or '0').strip('0') == '':
        return False
    return not getattr(environ['wsgi.input'], 'should_send_hundred_continue',
                       False)


class _Plain:
    """A body behind some server: `readinto` as in `framing`."""

    def __init__(self, environ, length):
        self.length = length
        read = environ['wsgi.input'].read
        if length is None and 'uwsgi.version' in environ and (
                not environ.get('wsgi.input_terminated')):
            read = _uwsgi_read
        self._body = framing.ServerFramed(read, length)

    def readinto(self, view):
        return self._body.readinto(view)

    def go_native(self, check):
        """From now on native threads read.

        :param check: called now and then while waiting; raises to stop
        :returns: whether they can
        """
        return not concurrency.is_green()

    def finish(self):
        """The body was read to its end."""

    def abandon(self):
        """The rest of the body is not wanted; the answer is an error."""

    def close(self):
        """Free what is held; the connection stays."""


def _uwsgi_read(wanted):
    import uwsgi
    try:
        return uwsgi.chunked_read()
    except OSError:
        # All that it tells is that it failed.
        raise exceptions.UploadBroken(
            'A chunk of the body is broken, late, or larger than the server '
            'takes (chunked-input-limit).') from None


class _Socket(_Plain):
    """A body on a socket of ours."""

    def __init__(self, environ, length, sock):
        self.length = length
        self._input = environ['wsgi.input']
        self._environ = environ
        self._sock = sock
        self._file = byte_streams.FileStream(self._input.rfile)
        self._stream = None
        if length is None:
            self._body = framing.Chunked(self._file)
        else:
            self._body = framing.KnownLength(self._file, length)

    def go_native(self, check):
        if self.length is None:
            prefix = self._file.buffered(1 << 20)
        else:
            prefix = self._file.buffered(self._body.left)
        self._stream = self._body.stream = byte_streams.SocketStream(
            self._sock, prefix, self._sock.gettimeout() or _IDLE, check)
        return True

    def finish(self):
        self._mark_read()
        if self._stream is not None and self._stream.left:
            # The beginning of a next request came in front of its turn.
            self._drop_connection()

    def _mark_read(self):
        """Tell the server that the body is used up."""
        raise NotImplementedError

    def _drop_connection(self):
        """Let the server take no further request from this connection."""
        raise NotImplementedError

    def _rest(self):
        """:returns: the stream of what the client still sends, and how many
            bytes of the body are in it, None if unknown
        """
        prefix = self._stream.take_prefix() if self._stream else b''
        stream = byte_streams.SocketStream(self._sock, prefix, _IDLE, None)
        if self.length is not None:
            return stream, self._body.left
        return stream, 0 if self._body.ended else None

    def close(self):
        if self._stream is not None:
            self._stream.close()


class _Eventlet(_Socket):

    def readinto(self, view):
        self._continue()
        return self._body.readinto(view)

    def go_native(self, check):
        self._continue()
        return super().go_native(check)

    def _continue(self):
        if self._input.should_send_hundred_continue:
            self._input.send_hundred_continue_response()
            self._input.is_hundred_continue_response_sent = True

    def _mark_read(self):
        self._input.position = self.length or 0
        self._input.chunk_length = 0

    def _drop_connection(self):
        self._input.discard = _refuse

    def abandon(self):
        # The server discards the rest after it has answered; a greenlet must
        # not do it, and a client that never stops must not matter.
        stream, most = self._rest()
        self._input.discard = functools.partial(_linger, stream, most)


def _refuse(*args):
    raise ConnectionAbortedError('the rest of the body was not wanted')


def _linger(stream, most):
    try:
        count = threads.call(stream.drain, *_LINGER, most)
    finally:
        stream.close()
    if count != most:
        _refuse()


class _Cheroot(_Socket):

    def _mark_read(self):
        if self.length is None:
            self._input.closed = True
        else:
            self._input.remaining = 0

    def _drop_connection(self):
        self._environ['glance.drop_connection']()

    def abandon(self):
        """Cheroot would read all the rest into memory before it answers."""
        stream, most = self._rest()
        try:
            count = stream.drain(*_DRAIN, most)
        finally:
            stream.close()
        self._mark_read()
        if count != most:
            self._drop_connection()
