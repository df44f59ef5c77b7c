"""The head of a request as another server has understood it.

Behind uWSGI, gunicorn and the like only the environment is seen. A head is
written of it and read by our rules, so what those servers take and ours do not
is refused as far as it still shows.
"""

import urllib.parse

from glance.service.http import head

_BARE = ('CONTENT_TYPE', 'CONTENT_LENGTH')
# a server in front may speak newer ones with the client
_FRAMED_OTHERWISE = ('HTTP/2', 'HTTP/2.0', 'HTTP/3', 'HTTP/3.0')


def check(environ):
    """Refuse it, or put right what our servers would.

    :param environ: of a WSGI request, is changed
    :raises Refused: it could have been understood in another way
    """
    lines = [_first_line(environ)]
    for key, value in environ.items():
        if key.startswith('HTTP_') or key in _BARE and value:
            name = key.removeprefix('HTTP_').replace('_', '-')
            lines.append(('%s: %s' % (name, value)).encode('latin-1'))
    found = head.parse(b'\r\n'.join(lines), head.MAX_HEADERS_SIZE,
                       head.MAX_HEADERS_SIZE)
    seen = found.environ()
    environ.update((key, value) for key, value in seen.items()
                   if key.startswith('HTTP_'))
    if 'HTTP_HOST' not in seen:
        environ.pop('HTTP_HOST', None)
    if (environ.get('PATH_INFO') or '/')[0] != '/':
        environ.update(PATH_INFO=found.path, QUERY_STRING=found.query)


def _first_line(environ):
    version = environ.get('SERVER_PROTOCOL', '')
    if version in _FRAMED_OTHERWISE:
        version = 'HTTP/1.1'
    target = environ.get('REQUEST_URI') or environ.get('RAW_URI')
    if not target:
        path = environ.get('SCRIPT_NAME', '') + environ.get('PATH_INFO', '')
        target = urllib.parse.quote(path, encoding='latin-1') or '/'
    return ('%s %s %s' % (environ['REQUEST_METHOD'], target, version)).encode(
        'latin-1', 'replace')
