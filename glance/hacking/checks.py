"""House rules that flake8 checks: G301 and up."""

import re

from hacking import core

# Here greenlets are chosen and wrapped; elsewhere the standard library's
# names are used, which are green when the process is.
_GREEN_ROOMS = ('glance/startup.py', 'glance/common/concurrency.py',
                'glance/service/')
# Here errors become responses.
_EDGE = ('glance/api/faults.py', 'glance/api/middleware/')

_EVENTLET_IMPORT = re.compile(r'(import|from)\s+eventlet\b')
_WEBOB_ERROR = re.compile(r'\bwebob\.exc\b|from\s+webob\s+import\s+exc\b')


def _is_in(filename, places):
    path = filename.replace('\\', '/')
    return any('/' + place in '/' + path for place in places)


@core.flake8ext
def no_eventlet_imports(logical_line, filename):
    """G301: only start-up, concurrency and services know eventlet."""
    if (_is_in(filename, ['glance/'])
            and not _is_in(filename, _GREEN_ROOMS)
            and _EVENTLET_IMPORT.match(logical_line)):
        yield 0, 'G301: use the standard library or common.concurrency'


@core.flake8ext
def no_assert(logical_line, filename):
    """G302: `python -O` drops asserts, so they decide nothing."""
    if _is_in(filename, ['glance/']) and re.match(r'assert\b', logical_line):
        yield 0, 'G302: raise an error instead of asserting'


@core.flake8ext
def no_webob_errors(logical_line, filename):
    """G303: code raises our errors; the edge makes responses of them."""
    if (_is_in(filename, ['glance/']) and not _is_in(filename, _EDGE)
            and _WEBOB_ERROR.search(logical_line)):
        yield 0, 'G303: raise an error of glance.common.exceptions'
