"""One store of each kind, far from any server and any library of theirs.

What a driver says of a URL needs neither.
"""

import contextlib
import importlib.util
import os
import re
import sys
from unittest import mock

import fixtures
from glance_store._drivers import rbd as their_rbd
from glance_store._drivers import vmware_datastore as their_vmware
from oslo_config import fixture as config_fixture

from glance.conf import CONF
from glance.store import backends
from glance.store.drivers.sheepdog import dog

# What may not be installed where unit tests run, and how much of it is used.
_LIBRARIES = {
    'swift': ('swiftclient', 'swiftclient.exceptions'),
    'cinder': ('oslo_privsep', 'oslo_privsep.comm', 'oslo_privsep.daemon',
               'oslo_privsep.priv_context', 'os_brick', 'os_brick.exception',
               'os_brick.initiator', 'os_brick.initiator.connector',
               'os_brick.privileged', 'cinderclient',
               'cinderclient.apiclient', 'cinderclient.exceptions',
               'cinderclient.v3')}
_OF_DRIVERS = re.compile(r'glance(_store\._|\.store\.)drivers\.(swift|cinder)')
_LOADED = {}
FSID = '7a2f6a4e-0c0c-4e54-b4b7-1d8f4a0f6d11'
ACCOUNTS = """
[ref1]
auth_address = http://keystone:5000/v3
user = service:glance
key = secret
[ref2]
auth_address = https://other:5000/v3
user = service:images
key = secret
"""
OPTIONS = {
    'file': {'filesystem_store_datadir': '%(root)s/images'},
    's3': {'s3_store_host': 'https://s3.host:9000',
           's3_store_access_key': 'key', 's3_store_secret_key': 'secret',
           's3_store_bucket': 'images'},
    'rbd': {'rbd_store_pool': 'images'},
    'cinder': {},
    'vmware': {'vmware_server_host': 'vcenter',
               'vmware_server_username': 'user',
               'vmware_server_password': 'secret',
               'vmware_store_image_dir': '/openstack/images',
               'vmware_datastores': '/DC 0:Disk:10'},
    'sheepdog': {'sheepdog_store_address': '10.0.0.7'},
    'swift': {'swift_store_auth_address': 'http://keystone:5000/v3',
              'swift_store_user': 'service:glance',
              'swift_store_key': 'secret',
              'swift_store_container': 'images'},
    'accounts': {'swift_store_config_file': '%(root)s/accounts',
                 'default_swift_reference': 'ref1',
                 'swift_store_container': 'images',
                 'swift_store_multiple_containers_seed': '2'},
    'tenants': {'swift_store_multi_tenant': 'true',
                'swift_store_endpoint': 'https://swift:8080/v1/AUTH_s',
                'swift_store_auth_address': 'http://keystone:5000/v3',
                'swift_store_user': 'service:glance',
                'swift_store_key': 'secret',
                'swift_store_container': 'images'},
    'gridfs': {'mongodb_store_uri': 'mongodb://user:secret@mongo/?tls=true',
               'mongodb_store_db': 'images'},
    'http': {}}
TYPES = dict({kind: kind for kind in OPTIONS}, accounts='swift',
             tenants='swift')


class Stores(fixtures.Fixture):
    """:param kinds: of `OPTIONS`
    :param multi: whether there are several; else it is one kind
    :ivar all: `glance.store.backends.Stores`, whose ids are the kinds
    """

    def __init__(self, *kinds, multi=True):
        super().__init__()
        self._kinds, self._multi = kinds or tuple(OPTIONS), multi

    def _setUp(self):
        self.root = self.useFixture(fixtures.TempDir()).path
        self.useFixture(config_fixture.Config(CONF))
        with open(os.path.join(self.root, 'accounts'), 'w') as file:
            file.write(ACCOUNTS)
        for target, name, value in (
                (their_rbd.Store, 'configure_add', _pool),
                (their_vmware.Store, 'reset_session', mock.Mock()),
                (their_vmware.Store, '_get_datastore', mock.Mock()),
                (their_vmware, 'api', mock.Mock()),
                (dog, 'find', lambda: '/usr/bin/dog')):
            self.useFixture(fixtures.MockPatchObject(target, name, value))
        path = os.path.join(self.root, 'glance.conf')
        with open(path, 'w') as file:
            file.write(self._text())
        CONF(['--config-file', path], project='glance',
             default_config_dirs=[])
        with _libraries(self._kinds):
            self.all = backends.load(CONF)

    def _text(self):
        lines = ['[os_glance_staging_store]',
                 'filesystem_store_datadir = %(root)s/staging',
                 '[os_glance_tasks_store]',
                 'filesystem_store_datadir = %(root)s/tasks']
        if self._multi:
            lines += ['[DEFAULT]', 'enabled_backends = ' + ', '.join(
                '%s:%s' % (kind, TYPES[kind]) for kind in self._kinds),
                '[glance_store]', 'default_backend = ' + self._kinds[0]]
        for kind in self._kinds:
            lines += ['[%s]' % (kind if self._multi else 'glance_store')]
            lines += map(' = '.join, OPTIONS[kind].items())
        if not self._multi:
            kind = TYPES[self._kinds[0]]
            scheme = 'vsphere' if kind == 'vmware' else kind
            lines += ['stores = ' + kind, 'default_store = ' + scheme]
        return '\n'.join(lines) % {'root': self.root}


def _pool(store):
    store.pool, store.WRITE_CHUNKSIZE = store.store_conf.rbd_store_pool, 1


@contextlib.contextmanager
def _libraries(kinds):
    """Nobody else sees modules of drivers that were loaded without them."""
    names = [name for kind in {TYPES[kind] for kind in kinds}
             for name in _LIBRARIES.get(kind, ())
             if importlib.util.find_spec(name.partition('.')[0]) is None]
    if not names:
        yield
        return
    before = set(sys.modules)
    sys.modules.update(_LOADED)
    for name in names:
        sys.modules.setdefault(name, mock.MagicMock())
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            if name in (*names, *_LOADED) or _OF_DRIVERS.match(name):
                _LOADED[name] = sys.modules.pop(name)
