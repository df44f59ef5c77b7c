"""An Image service as the replicator sees it: version 2 of its API."""

import re

from keystoneauth1 import adapter
from keystoneauth1 import exceptions as keystone_exceptions
from keystoneauth1 import noauth
from keystoneauth1 import session
from keystoneauth1 import token_endpoint

from glance.replicator import errors

_PATCH = 'application/openstack-images-v2.1-json-patch'
_BYTES = 'application/octet-stream'
_HOST_AND_PORT = re.compile(r'(\[[0-9a-fA-F:.]+\]|[^:/\s]+):\d{1,5}$')
_URL = re.compile(r'https?://[^\s/]+')
# seconds without a byte
_TIMEOUT = 300
_PAGE = 100


def url_of(text):
    """:param text: HOST:PORT, or a URL without a version
    :raises ReplicatorError: it is neither
    """
    if _HOST_AND_PORT.match(text):
        return 'http://' + text
    if _URL.match(text):
        return text.rstrip('/')
    raise errors.ReplicatorError(
        '%s is no server: HOST:PORT or a URL is expected.' % text)


class Service:
    """:param server: HOST:PORT or a URL
    :param token: as the service takes it, '' for none
    :param chunk: bytes to read or write at a time
    """

    def __init__(self, server, token, chunk):
        self.name, self._chunk = server, chunk
        url = url_of(server)
        auth = (token_endpoint.Token(url, token) if token
                else noauth.NoAuth(endpoint=url))
        self._http = adapter.Adapter(
            session.Session(auth=auth, timeout=_TIMEOUT),
            endpoint_override=url + '/v2', raise_exc=True)

    def _send(self, verb, path, **kwargs):
        try:
            return self._http.request(path, verb, **kwargs)
        except keystone_exceptions.ClientException as error:
            raise errors.ReplicatorError('%s: %s' % (self.name, error))

    def images(self):
        """All images the token may see, hidden ones and those of
        communities as well; dicts as the API gives them.
        """
        for hidden in ('false', 'true'):
            yield from self._listed('/images?visibility=all&os_hidden=%s'
                                    '&limit=%d' % (hidden, _PAGE))

    def _listed(self, path):
        while path:
            page = self._send('GET', path).json()
            yield from page['images']
            path = page.get('next', '').removeprefix('/v2')

    def find(self, image_id):
        """:returns: the image, None where there is none"""
        answer = self._send('GET', '/images/' + image_id, raise_exc=False)
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise errors.ReplicatorError('%s: GET of image %s gave %d' % (
                self.name, image_id, answer.status_code))
        return answer.json()

    def create(self, image):
        return self._send('POST', '/images', json=image).json()

    def patch(self, image_id, operations):
        self._send('PATCH', '/images/' + image_id, json=operations,
                   headers={'Content-Type': _PATCH})

    def deactivate(self, image_id):
        self._send('POST', '/images/%s/actions/deactivate' % image_id)

    def download(self, image_id):
        """:returns: an iterator over its data, in pieces"""
        answer = self._send('GET', '/images/%s/file' % image_id, stream=True,
                            headers={'Accept': '*/*'})
        return answer.iter_content(self._chunk)

    def upload(self, image_id, pieces):
        self._send('PUT', '/images/%s/file' % image_id, data=pieces,
                   headers={'Content-Type': _BYTES})
