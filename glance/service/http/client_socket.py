"""The socket of the client behind a WSGI request, for sendfile, and what it
is connected to.
"""

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


def server(sock):
    """:returns: the part of a WSGI environment that is of our end"""
    host, port = sock.getsockname()[:2]
    # as it is written in URLs, which are made of it where no Host is sent
    return {'SERVER_NAME': '[%s]' % host if ':' in host else host,
            'SERVER_PORT': str(port)}
