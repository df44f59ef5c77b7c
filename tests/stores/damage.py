"""A bit that flips in the data of an image, below its store.

`flip(store, names)` damages what the store has of one image: `names` are those
of its objects, of which the longest one has data in each kind of store.
"""

import os

from tests.fixtures.servers import ceph
from tests.stores import kinds

OFFSET = 1000   # of the byte, in its object


def flip(store, names):
    _FLIPS[store.type](store, max(names, key=len))


def _other(data):
    """:returns: the same but for one bit"""
    damaged = bytearray(data)
    damaged[OFFSET] ^= 1
    return bytes(damaged)


def _in_file(path):
    with open(path, 'r+b') as file:
        data = _other(file.read())
        file.seek(0)
        file.write(data)


def _file(store, name):
    [path] = [os.path.join(folder.path, name) for folder in store._folders
              if name in os.listdir(folder.path)]
    _in_file(path)


def _s3(store, name):
    client, where = store._connect(), store._at(name)
    client.put_object(**where, Body=_other(
        client.get_object(**where)['Body'].read()))


def _swift(store, name):
    place = store._store.create_location('x')
    connection = store._connection(place)
    _headers, data = connection.get_object(place.container, name)
    connection.put_object(place.container, name, _other(data))


def _in_pool(ioctx, name):
    """Below the image, whose snapshot is what is read."""
    import rbd
    with rbd.Image(ioctx, name, read_only=True) as image:
        piece = '%s.%016x' % (image.stat()['block_name_prefix'], 0)
    ioctx.write(piece, _other(ioctx.read(piece, OFFSET + 1)))


def _rbd(store, name):
    with store._pool() as (ioctx, _fsid):
        _in_pool(ioctx, name)


def _cinder(store, name):
    import rados
    [volume] = [one for one in store._client().volumes.list()
                if one.name == name]
    with ceph.Ceph() as cluster, rados.Rados(
            conffile=cluster.config('cinder'), rados_id='cinder') as client:
        with client.open_ioctx('volumes') as ioctx:
            _in_pool(ioctx, 'volume-' + volume.id)


def _vmware(store, name):
    _in_file(os.path.join(kinds.vmware_folder(store), name))


def _gridfs(store, name):
    chunks = store._files._chunks
    chunk = chunks.find_one({'files_id': name})
    chunks.update_one({'_id': chunk['_id']},
                      {'$set': {'data': _other(chunk['data'])}})


def _sheepdog(store, name):
    _in_file(os.path.join(kinds.sheepdog_folder(), name, 'data'))


_FLIPS = {'cinder': _cinder, 'file': _file, 'gridfs': _gridfs, 'rbd': _rbd,
          's3': _s3, 'sheepdog': _sheepdog, 'swift': _swift,
          'vmware': _vmware}
