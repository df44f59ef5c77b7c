"""The listening socket: opened once, shared by all worker processes."""

import socket


def listen(host, port, backlog, keepidle):
    """:param keepidle: seconds before TCP keep-alive probes, 0 for none
    :returns: a listening, non-blocking socket
    :raises OSError: the address is in use, not ours or not allowed
    """
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    sock = socket.socket(family, kind, proto)
    try:
        _prepare(sock, keepidle)
        sock.bind(address)
        sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def _prepare(sock, keepidle):
    """Accepted connections take these over."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keepidle:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, keepidle)
