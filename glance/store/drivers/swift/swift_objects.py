"""What is asked of Swift about its objects, and of which an image consists."""

from collections.abc import Iterator, Sequence
import http.client
import json
import typing
import urllib.parse

from glance_store import exceptions as theirs
from glance_store import location
import swiftclient

# Of a static manifest.
Entry = dict[str, typing.Any]
# How to ask, and the place of no object in it.
Container = tuple[swiftclient.Connection, location.StoreLocation]

_SEGMENTS = 'x-static-large-object'
_MANIFEST = 'x-object-manifest'
_CANNOT = (http.client.METHOD_NOT_ALLOWED, http.client.PRECONDITION_FAILED,
           http.client.REQUEST_ENTITY_TOO_LARGE)
# Static manifests of a cluster may have more; this bounds the request.
_MOST = 1000


class CannotCopy(theirs.BackendException):
    """The cluster does not copy, or not this."""


def segment(name: str, number: int) -> str:
    """:returns: what the driver calls a part of an object, from 1 on"""
    return '%s-%05d' % (name, number)


def entry(container: str, name: str, etag: str, size: int) -> Entry:
    """:param size: bytes"""
    return {'path': '/%s/%s' % (container, name), 'etag': etag,
            'size_bytes': size}


def most_segments(connection: swiftclient.Connection) -> int:
    """:returns: of a static manifest; 0 where the cluster has none"""
    found = connection.get_capabilities().get('slo')
    if found is None:
        return 0
    return min(_MOST, found.get('max_manifest_segments', _MOST))


def put_static(connection: swiftclient.Connection, container: str, name: str,
               entries: Sequence[Entry], headers: dict[str, str]) -> None:
    connection.put_object(container, name, json.dumps(entries),
                          query_string='multipart-manifest=put',
                          headers=headers)


def put_dynamic(connection: swiftclient.Connection, container: str, name: str
                ) -> None:
    """A manifest of all segments that there are."""
    connection.put_object(container, name, b'', headers={
        'X-Object-Manifest': '%s/%s-' % (container, name)})


def listing(connection: swiftclient.Connection, container: str
            ) -> Iterator[dict[str, typing.Any]]:
    """Of a container, in order; of one that is not there, nothing."""
    marker = ''
    while True:
        try:
            found = connection.get_container(container, marker=marker)[1]
        except swiftclient.ClientException as error:
            if error.http_status != http.client.NOT_FOUND:
                raise
            return
        if not found:
            return
        yield from found
        marker = found[-1]['name']


def containers(connection: swiftclient.Connection,
               place: location.StoreLocation, name: str
               ) -> Iterator[Container]:
    """Those of an account with a name, or one that begins with it and `_`.

    :param place: in the account; it changes with each
    """
    found = connection.get_account(prefix=name, full_listing=True)[1]
    for one in found:
        if (one['name'] + '_').startswith(name + '_'):
            place.container = one['name']
            yield connection, place


def pieces(connection: swiftclient.Connection, place: location.StoreLocation
           ) -> Sequence[str]:
    """:returns: paths of the objects that an image consists of"""
    found = connection.head_object(place.container, place.obj)
    if found.get(_SEGMENTS, '').lower() == 'true':
        _head_again, body = connection.get_object(
            place.container, place.obj,
            query_string='multipart-manifest=get')
        return [one['name'].lstrip('/') for one in json.loads(body)]
    if _MANIFEST not in found:
        return ['%s/%s' % (place.container, place.obj)]
    container, prefix = urllib.parse.unquote(found[_MANIFEST]).split('/', 1)
    listed = connection.get_container(container, prefix=prefix,
                                      full_listing=True)[1]
    return ['%s/%s' % (container, one['name']) for one in listed]


def copy(connection: swiftclient.Connection, path: str, container: str,
         name: str) -> Entry:
    """:returns: what a manifest says of the copy
    :raises CannotCopy:
    """
    try:
        connection.copy_object(*path.split('/', 1),
                               '/%s/%s' % (container, name),
                               headers={'X-Fresh-Metadata': 'true'})
    except swiftclient.ClientException as error:
        if error.http_status in _CANNOT:
            raise CannotCopy() from None
        raise
    found = connection.head_object(container, name)
    return entry(container, name, found['etag'], int(found['content-length']))


def head(connection: swiftclient.Connection, container: str, name: str
         ) -> dict[str, str] | None:
    """:returns: the headers, None if it is not there"""
    try:
        return connection.head_object(container, name)
    except swiftclient.ClientException as error:
        if error.http_status == http.client.NOT_FOUND:
            return None
        raise


def has_others(connection: swiftclient.Connection, container: str,
               image_id: str, own: str) -> bool:
    """:param own: name of an attempt
    :returns: whether data of other attempts for the image is listed
    """
    found = connection.get_container(container, prefix=image_id + '-')[1]
    return any(entry['name'] != own and not entry['name'].startswith(own + '-')
               for entry in found)


def has_container(connection: swiftclient.Connection, container: str) -> bool:
    """:returns: whether it is there"""
    try:
        connection.head_container(container)
    except swiftclient.ClientException as error:
        if error.http_status != http.client.NOT_FOUND:
            raise
        return False
    return True


def delete(connection: swiftclient.Connection, container: str, name: str
           ) -> None:
    """One that is not there is no error."""
    try:
        connection.delete_object(container, name)
    except swiftclient.ClientException as error:
        if error.http_status != http.client.NOT_FOUND:
            raise
