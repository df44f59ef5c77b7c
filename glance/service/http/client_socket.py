"""The socket of the client behind a WSGI request, for sendfile."""

import ssl

KEY = 'glance.socket'


def get(environ):
    """:returns: the connected socket, None where the server has none to give
              (uWSGI, gunicorn) or where its bytes would go past TLS
    """
    sock = environ.get(KEY)
    if sock is None or isinstance(sock, ssl.SSLSocket):
        return None
    return sock
