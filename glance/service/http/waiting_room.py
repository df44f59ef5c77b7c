"""The connections of the server for native threads that wait, in one thread.

Nothing here blocks: a head is collected as it comes, a TLS handshake goes on
when there is something of it, and what nobody wants is thrown away piece by
piece. Other threads only leave messages.
"""

import collections
import errno
import functools
import selectors
import socket
import ssl
import threading
import time

from oslo_log import log

from glance.service.http import head
from glance.service.http import request_input
from glance.service.http import waiting

LOG = log.getLogger(__name__)

# accept fails with these while the process or the machine is short of
# something; it works again later
_SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PIECE = 16384
_AT_ONCE = 64         # connections accepted before others get their turn
_TURN = 0.5           # seconds between two looks at deadlines
_PAUSE = 0.1          # seconds without accepting after a shortage
_BEGINS_WITHIN = 0.02   # seconds in which others do not begin, see `_due`
_LATER = (BlockingIOError, ssl.SSLWantReadError)


class _Handshake:
    """A TLS connection that is being made."""

    def __init__(self, limits):
        self.deadline = time.monotonic() + limits.head

    def too_late(self):
        return None


class Room:
    """:param listening: socket, taken over
    :param tls: ssl.SSLContext, None for plain HTTP
    :param connect: `connect(sock, address)` gives a connection, an object
                    with `socket`
    :param serve: `serve(connection, head, received, begun=None)`; may raise
                  Refused; `begun` is called when the body is waited for
    """

    def __init__(self, listening, limits, tls, connect, serve):
        self._listening, self._limits, self._tls = listening, limits, tls
        self._connect, self._serve = connect, serve
        self._parked = waiting.Parked(limits.waiting)
        # Requests whose body is still to come. To begin one costs, and the
        # threads of a crowd would take turns with this one; so one begins
        # after the other, and who has just come is heard before.
        self._due = collections.deque()
        self._beginning, self._until = None, 0
        self._messages = collections.deque()
        self._bell, self._ears = socket.socketpair()
        self._stopped = False
        self._selector = selectors.DefaultSelector()
        for sock, do in ((self._ears, self._listen),
                         (listening, self._accept)):
            sock.setblocking(False)
            self._selector.register(sock, selectors.EVENT_READ, do)
        self._bell.setblocking(False)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop_accepting(self):
        self._post(self._close_door)

    def has_waiting(self):
        return bool(self._parked or self._due or self._messages)

    def stop(self):
        """Close all that wait, also those that would later."""
        self._post(self._leave)
        self._thread.join()

    def wait(self, connection, received):
        """For the next request.

        :param received: what came of it already
        """
        self._post(self._park_again, connection, received)

    def linger(self, connection):
        """Until the client has taken note that this is the end."""
        self._post(self._part, connection)

    def _post(self, fn, *args):
        if self._stopped:
            for connection in args[:1]:
                close(connection.socket)
            return
        self._messages.append((fn, args))
        try:
            self._bell.send(b'.')
        except BlockingIOError:
            pass            # it is ringing

    def _listen(self):
        self._ears.recv(_PIECE)
        while self._messages:
            fn, args = self._messages.popleft()
            fn(*args)

    def _run(self):
        looked = time.monotonic()
        while not self._stopped:
            for key, _events in self._selector.select(self._patience()):
                self._do(key.data)
            self._do(self._begin)
            if time.monotonic() > looked + _TURN:
                self._end_late_ones()
                looked = time.monotonic()

    def _do(self, fn):
        try:
            fn()
        except Exception:
            LOG.exception('A connection cannot be looked after')

    def _patience(self):
        """:returns: seconds until there is something to do"""
        if not self._due:
            return _TURN
        return min(_TURN, max(0, self._until - time.monotonic()))

    def _begin(self):
        """Let the next one begin that is due."""
        if not self._due or time.monotonic() < self._until:
            return
        connection, request, received = self._due.popleft()
        self._beginning = connection
        self._until = time.monotonic() + _BEGINS_WITHIN
        try:
            self._serve(connection, request, received, functools.partial(
                self._has_begun, connection))
        except head.Refused as refused:
            self._part(connection)
            self._refuse(connection, refused)

    def _has_begun(self, connection):
        """Called by another thread."""
        if connection is self._beginning and not self._stopped:
            self._beginning, self._until = None, 0
            if self._due:
                self._post(self._begin)

    def _close_door(self):
        self._selector.unregister(self._listening)
        self._listening.close()

    def _leave(self):
        self._stopped = True
        for connection in list(self._parked):
            self._close(connection)
        for connection, _request, _received in self._due:
            close(connection.socket)

    def _accept(self):
        for turn in range(_AT_ONCE):
            try:
                sock, address = self._listening.accept()
            except BlockingIOError:
                return
            except OSError as exc:
                # without a free file it fails also when nobody is there
                if exc.errno in _SHORTAGE and not turn:
                    LOG.error('No connection can be accepted: %s', exc)
                    self._close(self._parked.oldest())
                    time.sleep(_PAUSE)
                return
            self._welcome(sock, address)
            self._close(self._parked.surplus())

    def _welcome(self, sock, address):
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True,
                                             do_handshake_on_connect=False)
            connection = self._connect(sock, address)
        except OSError as exc:
            LOG.debug('Connection ended: %r', exc)
            close(sock)
            return
        self._park(connection, _Handshake(self._limits) if self._tls
                   else waiting.Waiting(self._limits, first=True))

    def _park(self, connection, state):
        connection.socket.setblocking(False)
        self._parked[connection] = state
        self._selector.register(connection.socket, selectors.EVENT_READ,
                                lambda: self._go_on(connection))

    def _park_again(self, connection, received):
        self._park(connection, waiting.Waiting(self._limits, first=False))
        if received:
            self._go_on(connection, received)
        elif self._tls is not None and connection.socket.pending():
            self._go_on(connection)

    def _part(self, connection):
        self._park(connection, request_input.Lingering(connection.socket))

    def _forget(self, connection):
        self._parked.pop(connection, None)
        self._selector.unregister(connection.socket)

    def _close(self, connection):
        if connection is not None:
            self._forget(connection)
            close(connection.socket)

    def _go_on(self, connection, received=b''):
        state = self._parked.get(connection)
        try:
            if state is None:
                return          # closed in this very turn
            if isinstance(state, _Handshake):
                connection.socket.do_handshake()
                self._parked[connection] = state = waiting.Waiting(
                    self._limits, first=True)
            if isinstance(state, waiting.Waiting):
                self._collect(connection, state, received)
            elif not state.take():
                self._close(connection)
        except _LATER:
            pass
        except head.Refused as refused:
            self._refuse(connection, refused)
        except (OSError, ValueError) as exc:
            LOG.debug('Connection ended: %r', exc)
            self._close(connection)

    def _collect(self, connection, state, received):
        """Read until the head is complete or nothing is there."""
        found = state.feed(received) if received else None
        while found is None:
            received = connection.socket.recv(_PIECE)
            found = state.feed(received) if received else state.ended()
            if not (received or found):
                self._close(connection)
                return
        if len(self._due) > self._limits.waiting:
            raise waiting.FULL
        self._forget(connection)
        if waiting.is_to_come(*found):
            self._due.append((connection, *found))
            return
        try:
            self._serve(connection, *found)
        except head.Refused:
            self._park(connection, state)
            raise

    def _refuse(self, connection, refused):
        try:
            connection.socket.send(waiting.refusal(refused))
        except OSError:
            pass
        self._parked[connection] = request_input.Lingering(connection.socket)

    def _end_late_ones(self):
        now = time.monotonic()
        late = [(connection, state)
                for connection, state in self._parked.items()
                if state.deadline is not None and state.deadline < now]
        for connection, state in late:
            refused = state.too_late()
            if refused is None:
                self._close(connection)
            else:
                self._refuse(connection, refused)


def close(sock):
    """End a connection for both sides."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()
