"""Test cases that run again, on MariaDB and on PostgreSQL.

What a case finds with greenlets and with native threads is found on SQLite.
What it finds on a server is the same with both, unless it has threads of its
own, which then hold connections at the same time.
"""

import inspect
import re

from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql

_THREADS = re.compile(r'\b(threading|concurrency|futures)\.')


def has_threads(case):
    """Whether the tests of a class start threads of their own."""
    return any(_THREADS.search(inspect.getsource(one))
               for one in case.__mro__ if one.__module__ == case.__module__)


def on_servers(cases, mixin, module):
    """:param mixin: a class that takes `server`, the class of a fixture
    :returns: {name: class} for the module of this name
    """
    return {server.__name__ + case.__name__: type(
        server.__name__ + case.__name__, (mixin, case),
        {'server': server, '__module__': module})
        for server in (mariadb.MariaDB, postgresql.PostgreSQL)
        for case in cases}
