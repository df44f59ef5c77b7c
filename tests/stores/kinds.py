"""The kinds of stores: options for the servers that run, and what is in them.

`options(kind, test)` starts what is not shared; `contents(store)` gives the
names of all objects in the store of a driver, finished or not.
"""

import os
import shutil
import uuid

import fixtures
from oslo_vmware import vim_util
import swiftclient

from tests.fixtures.servers import ceph
from tests.fixtures.servers import cinder
from tests.fixtures.servers import keystone_accounts
from tests.fixtures.servers import mongodb
from tests.fixtures.servers import swift
from tests.fixtures.servers import vcenter
from tests.fixtures import sheepdog

# Options with which a second store of a kind is another one.
OTHER = {'s3': {'s3_store_bucket': 'copies'},
         'swift': {'swift_store_container': 'copies'},
         'rbd': {'rbd_store_pool': 'copies'}}


def options(kind, test):
    return _OPTIONS[kind](test)


def contents(store):
    return _CONTENTS[store.type](store)


def _rbd(test):
    return {'rbd_store_ceph_conf': test.useFixture(ceph.Ceph()).config(),
            'rbd_store_user': 'glance', 'rbd_store_pool': 'images',
            'rbd_store_chunk_size': '1', 'rados_connect_timeout': '20'}


def _rbd_contents(store):
    with store._pool() as (ioctx, _fsid):
        import rbd
        return rbd.RBD().list(ioctx)


def _s3(test):
    return {'s3_store_host': test.useFixture(ceph.Ceph()).s3_url,
            's3_store_access_key': ceph.ACCESS_KEY,
            's3_store_secret_key': ceph.SECRET_KEY,
            's3_store_bucket': 'images',
            's3_store_create_bucket_on_put': 'true',
            's3_store_bucket_url_format': 'path',
            's3_store_large_object_size': '6',
            's3_store_large_object_chunk_size': '5',
            's3_store_thread_pools': '2'}


def _s3_contents(store):
    client, bucket = store._connect(), store._store.bucket
    found = client.list_objects_v2(Bucket=bucket).get('Contents', [])
    found += client.list_multipart_uploads(Bucket=bucket).get('Uploads', [])
    return [entry['Key'] for entry in found]


def _swift(test):
    server = test.useFixture(swift.Swift())
    return {'swift_store_auth_address': server.keystone.url,
            'swift_store_user': 'service:glance',
            'swift_store_key': keystone_accounts.password('glance'),
            'swift_store_region': server.region,
            'swift_store_container': 'images',
            'swift_store_create_container_on_put': 'true',
            'swift_store_large_object_size': '6',
            'swift_store_large_object_chunk_size': '5'}


def _swift_contents(store):
    place = store._store.create_location('x')
    try:
        found = store._connection(place).get_container(
            place.container, full_listing=True)[1]
    except swiftclient.ClientException as error:
        if error.http_status != 404:
            raise
        return []
    return [entry['name'] for entry in found]


def _vmware(test):
    # They count for more than the option.
    for name in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'):
        test.useFixture(fixtures.EnvironmentVariable(name))
    return {'vmware_server_host': test.useFixture(vcenter.VCenter()).address,
            'vmware_server_username': vcenter.USER,
            'vmware_server_password': vcenter.PASSWORD,
            'vmware_datastores': vcenter.DATASTORE + ':100',
            'vmware_store_image_dir': '/images',
            'vmware_task_poll_interval': '1',
            'vmware_api_retry_count': '2', 'vmware_insecure': 'true'}


def vmware_folder(store):
    """The simulator keeps the files of a datastore in a folder."""
    [datastore] = store._datastores()
    session = store._store.session
    return os.path.join(session.invoke_api(
        vim_util, 'get_object_property', session.vim, datastore.ref,
        'summary').url, 'images')


def _vmware_contents(store):
    folder = vmware_folder(store)
    return os.listdir(folder) if os.path.isdir(folder) else []


def _cinder(test):
    server = test.useFixture(cinder.Cinder())
    helpers = test.useFixture(cinder.Helpers())
    return {'cinder_store_auth_address': server.keystone.url,
            'cinder_store_user_name': 'glance',
            'cinder_store_password': keystone_accounts.password('glance'),
            'cinder_store_project_name': 'service',
            'cinder_store_user_domain_name': 'Default',
            'cinder_store_project_domain_name': 'Default',
            'cinder_catalog_info': 'volumev3::publicURL',
            'cinder_os_region_name': server.region,
            'cinder_state_transition_timeout': '60',
            'cinder_mount_point_base': helpers.mounts,
            'rootwrap_config': helpers.rootwrap}


def _cinder_contents(store):
    return [volume.name for volume in store._client().volumes.list()]


def marks(store, image_id):
    """What tells the objects of an image from any later ones.

    :returns: a set; names, but Cinder has no objection to equal ones
    """
    if store.type == 'cinder':
        return {volume.id for volume in store._client().volumes.list()
                if image_id in volume.name}
    return {name for name in contents(store) if image_id in name}


def _file_contents(store):
    return [name for folder in store._folders
            for name in os.listdir(folder.path)]


def _gridfs(test):
    return {'mongodb_store_uri': mongodb.shared().uri,
            'mongodb_store_db': 'images-%s' % uuid.uuid4()}


def _gridfs_contents(store):
    chunks = store._files._chunks.find({}, {'files_id': 1})
    return [entry.name for entry in store._files.entries()] + sorted(
        {chunk['files_id'] for chunk in chunks})


def _sheepdog(test):
    test.useFixture(sheepdog.Sheepdog())
    return {'sheepdog_store_chunk_size': '4'}


def sheepdog_folder():
    """What stands in for a cluster has a folder beside the program."""
    return os.path.join(os.path.dirname(shutil.which('dog')),
                        str(sheepdog.Sheepdog.port))


def _sheepdog_contents(store):
    return os.listdir(sheepdog_folder())


_OPTIONS = {'cinder': _cinder, 'gridfs': _gridfs, 'rbd': _rbd, 's3': _s3,
            'sheepdog': _sheepdog, 'swift': _swift, 'vmware': _vmware}
_CONTENTS = {'cinder': _cinder_contents, 'file': _file_contents,
             'gridfs': _gridfs_contents, 'rbd': _rbd_contents,
             's3': _s3_contents, 'sheepdog': _sheepdog_contents,
             'swift': _swift_contents, 'vmware': _vmware_contents}
