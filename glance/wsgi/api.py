"""`application` for uWSGI, gunicorn and the like.

The application is made at the first request of each process, so that nothing
is shared by processes that the server forks after loading this module. Where
the bus is local://, the process runs the registry and the conductor as well.
"""

import os

# these servers bring threads of their own
os.environ.setdefault('GLANCE_CONCURRENCY', 'threading')

from glance import startup  # noqa: E402,F401

import threading  # noqa: E402

from glance.cmd import api  # noqa: E402
from glance.conf import files  # noqa: E402
from glance.service.http import head  # noqa: E402
from glance.service.http import seen_head  # noqa: E402
from glance.service.http import waiting  # noqa: E402
from glance.service import parts  # noqa: E402
from glance.service import program  # noqa: E402
from glance.service import report  # noqa: E402

DIRECTORY_VARIABLE = 'OS_GLANCE_CONFIG_DIR'
FILES_VARIABLE = 'OS_GLANCE_CONFIG_FILES'
DEFAULT_DIRECTORY = '/etc/glance'

_lock = threading.Lock()
_made = {}


def config_files(environ):
    """The files and folders to read, as the environment says."""
    directory = (environ.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY).strip()
    named = [name.strip() for name in environ.get(FILES_VARIABLE, '').split(
        ';') if name.strip()]
    return files.below(directory, named)


def _make():
    paths, folders = config_files(os.environ)
    program.configure([], api.PROG, default_config_files=paths,
                      default_config_dirs=folders)
    report.log(api.PROG)
    for part in parts.beside_api():
        part.start()
    from glance.api import app
    return app.load()


def _of_this_process():
    pid = os.getpid()
    if pid not in _made:
        with _lock:
            if pid not in _made:
                _made[pid] = _make()
    return _made[pid]


def application(environ, start_response):
    try:
        seen_head.check(environ)
    except head.Refused as refused:
        status, headers, body = waiting.wsgi_refusal(refused)
        start_response(status, headers)
        return [body]
    return _of_this_process()(environ, start_response)
