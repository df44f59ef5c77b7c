"""Connections to MongoDB, shared by the threads of a process.

pymongo has locks and threads of its own, and native threads call it: so it
never sees what eventlet has made of them.
"""

import os
import pkgutil
import typing
from urllib import parse
import warnings

from glance.common import concurrency

pymongo = concurrency.import_native('pymongo')
synchronous = concurrency.import_native('pymongo.synchronous')
for _module in pkgutil.iter_modules(synchronous.__path__):
    # Else some are loaded when a connection wants them.
    concurrency.import_native('pymongo.synchronous.' + _module.name)
concern = concurrency.import_native('pymongo.read_concern')
errors = concurrency.import_native('pymongo.errors')
uri_parser = concurrency.import_native('pymongo.uri_parser')

native = concurrency.native

# Milliseconds, where the URI does not say otherwise: for an operation with
# all its tries and the search for a server, which outlasts an election; and
# for a connection.
_DEADLINES = {'timeoutMS': 30000, 'connectTimeoutMS': 10000}
_SRV = 'mongodb+srv://'
# What it warns of are options, and their values may be secret.
warnings.filterwarnings('ignore', module=r'pymongo\b')


class Address:
    """:param uri: as pymongo takes it; addresses alone will do
    :param database: its name; None for that of the URI
    :ivar hosts: without credentials
    :raises ValueError: whose text tells nothing of the URI
    """

    def __init__(self, uri: str | None, database: str | None) -> None:
        if not uri:
            raise ValueError('mongodb_store_uri is not set')
        self.uri, parts = uri, _parse(uri)
        self.hosts = tuple(sorted(parts['nodelist']))
        self.database = database or parts['database']
        if not self.database:
            raise ValueError('mongodb_store_db is not set')
        told = {name.lower() for name, _value in parse.parse_qsl(
            uri.partition('?')[2])}
        self.deadlines = {name: value for name, value in _DEADLINES.items()
                          if name.lower() not in told}


def _parse(uri: str) -> dict[str, typing.Any]:
    """:returns: {'nodelist', 'database'}"""
    if uri.startswith(_SRV):
        # Names are looked up when there is something to do.
        before, _mark, options = uri.partition('?')
        uri = '%s?%s' % (before.replace(_SRV, 'mongodb://'), '&'.join(
            one for one in options.split('&')
            if not one.lower().startswith('srv')))
    try:
        if '://' in uri:
            return uri_parser.parse_uri(uri)
        return {'nodelist': uri_parser.split_hosts(uri), 'database': None}
    except (errors.PyMongoError, ValueError):
        raise ValueError('mongodb_store_uri, or an option in it, is not as '
                         'pymongo takes it') from None


class Client:
    """:param address: Address"""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = native.threading.Lock()
        self._pid: int | None = None
        self._client: typing.Any = None

    def database(self) -> typing.Any:
        """What is written is at a majority of the servers before anybody is
        told so, and what is read can not be rolled back.
        """
        return self._connected().get_database(
            self._address.database,
            read_preference=pymongo.ReadPreference.PRIMARY,
            write_concern=pymongo.WriteConcern('majority'),
            read_concern=concern.ReadConcern('majority'))

    def _connected(self) -> typing.Any:
        with self._lock:
            # Its threads do not survive a fork.
            if self._pid != os.getpid():
                self._client = pymongo.MongoClient(
                    self._address.uri, connect=False, appname='glance',
                    **self._address.deadlines)
                self._pid = os.getpid()
            return self._client
