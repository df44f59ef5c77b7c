"""The commands of glance-replicator.

Each works through all images; one that fails is told of and does not keep
the others from being done.
"""

import typing

from glance.objects import states
from glance.replicator import errors
from glance.replicator import folder
from glance.replicator import metadata
from glance.replicator import service

_UNITS = ('bytes', 'KiB', 'MiB', 'GiB', 'TiB')


def _source(options, server):
    return service.Service(server, options.token or options.sourcetoken,
                           options.chunksize)


def _target(options, server):
    return service.Service(server, options.token or options.targettoken,
                           options.chunksize)


def _skipped(options):
    return frozenset(options.dontreplicate.replace(',', ' ').split())


def _each(images, work):
    """:returns: whether all went well"""
    failed = 0
    for image in images:
        try:
            work(image)
        except (errors.ReplicatorError, OSError) as error:
            failed += 1
            print('Image %s failed: %s' % (image['id'], error))
    if failed:
        print('%d images failed.' % failed)
    return not failed


def size(options, server):
    sizes = [image.get('size') or 0
             for image in _source(options, server).images()
             if image['status'] in states.WITH_DATA]
    print('Total size is %d bytes (%s) across %d images' % (
        sum(sizes), _readable(sum(sizes)), len(sizes)))
    return True


def _readable(number):
    for unit in _UNITS:
        if number < 1024 or unit == _UNITS[-1]:
            return '%.1f %s' % (number, unit)
        number /= 1024


def dump(options, server, path):
    source, target = _source(options, server), folder.Folder(
        path, options.chunksize)

    def work(image):
        target.write(image)
        if (not options.metaonly and image['status'] in states.WITH_DATA
                and not target.has_data(image)):
            print('Storing: %s' % image['id'])
            target.save(image['id'], source.download(image['id']))
    return _each(source.images(), work)


def load(options, server, path):
    source = folder.Folder(path, options.chunksize)
    target = _target(options, server)

    def data(image):
        return source.data(image['id']) if source.has_data(image) else None
    return _each(source.images(),
                 lambda image: _bring(options, image, target, data))


def livecopy(options, server, other):
    source, target = _source(options, server), _target(options, other)
    return _each(source.images(), lambda image: _bring(
        options, image, target, lambda image: source.download(image['id'])))


def _bring(options, image, target, data):
    """:param data: gives the data of an image, None when there is none"""
    found = target.find(image['id'])
    if found is None:
        print('Creating: %s' % image['id'])
        found = target.create(dict(
            metadata.carried(image, _skipped(options)), id=image['id']))
    else:
        operations = metadata.patch(image, found, _skipped(options))
        if operations:
            print('Updating: %s' % image['id'])
            target.patch(image['id'], operations)
    if (not options.metaonly and image['status'] in states.WITH_DATA
            and found['status'] == states.QUEUED):
        _send(image, target, data(image))


def _send(image, target, pieces):
    if pieces is None:
        raise errors.ReplicatorError('its data is not there')
    print('Uploading: %s' % image['id'])
    target.upload(image['id'], pieces)
    if image['status'] == states.DEACTIVATED:
        target.deactivate(image['id'])
    expected, got = (found.get('os_hash_value') for found in (
        image, target.find(image['id'])))
    if expected and got and len(expected) == len(got) and expected != got:
        raise errors.ReplicatorError('the hash of its data is another')


def compare(options, server, other):
    source, target = _source(options, server), _target(options, other)

    def work(image):
        found = target.find(image['id'])
        if found is None:
            print('%s: missing from %s' % (_named(image), other))
            return
        for name, ours, theirs in metadata.differences(
                image, found, _skipped(options), not options.metaonly):
            print('%s: %s is %s at %s and %s at %s' % (
                _named(image), name, ours, server, theirs, other))
    return _each(source.images(), work)


def _named(image):
    return 'Image %s ("%s")' % (image['id'], image.get('name') or '')


class Command(typing.NamedTuple):
    run: typing.Callable
    arguments: tuple
    help: str


_TWO_SERVERS = ('FROM_SERVER', 'TO_SERVER')
COMMANDS = {
    'compare': Command(compare, _TWO_SERVERS, 'Tell what is missing from the '
                       'second service, or different there.'),
    'dump': Command(dump, ('SERVER', 'PATH'),
                    'Write the images of a service into a folder.'),
    'livecopy': Command(livecopy, _TWO_SERVERS,
                        'Bring the images of one service into another.'),
    'load': Command(load, ('SERVER', 'PATH'),
                    'Bring the images of a folder into a service.'),
    'size': Command(size, ('SERVER',), 'Tell how much a service holds.'),
}
