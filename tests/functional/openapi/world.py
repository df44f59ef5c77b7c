"""Things that generated requests can be about, on a running service."""

import json
import uuid

import requests

_IMAGE = {'disk_format': 'raw', 'container_format': 'bare'}
_DATA = {'data': b'data',
         'headers': {'Content-Type': 'application/octet-stream'}}
_NAMESPACES = '/v2/metadefs/namespaces'
_NAMESPACE = {
    'resource_type_associations': [{'name': 'resource_type'}],
    'objects': [{'name': 'object_name', 'properties': {
        'a': {'title': 'A', 'type': 'string'}}}],
    'properties': {'property_name': {'title': 'P', 'type': 'integer'}},
    'tags': [{'name': 'tag_name'}]}


class World:
    """:param url: of the service"""

    def __init__(self, url):
        self._url = url
        self._session = requests.Session()

    def parameters(self, path):
        """{name: value} of the parameters in a path, of things that are there.
        """
        if '{namespace}' in path:
            return self._namespace()
        if '{task_id}' in path:
            return {'task_id': self._task()}
        return {'image_id': self._image(), 'tag': 'tag',
                'member_id': 'member', 'store_id': 'fast'}

    def _image(self):
        image_id = self._post('/v2/images', dict(_IMAGE, tags=['tag']))['id']
        path = '/v2/images/%s' % image_id
        self._post(path + '/members', {'member': 'member'})
        self._send('PUT', path + '/file', **_DATA)
        return image_id

    def _task(self):
        image_id = self._post('/v2/images', _IMAGE)['id']
        path = '/v2/images/%s' % image_id
        self._send('PUT', path + '/stage', **_DATA)
        self._send('POST', path + '/import', json={
            'method': {'name': 'glance-direct'}})
        return self._send('GET', path + '/tasks').json()['tasks'][0]['id']

    def _namespace(self):
        name = uuid.uuid4().hex
        self._post(_NAMESPACES, dict(_NAMESPACE, namespace=name))
        return {'namespace': name, **{name: name for name in (
            'object_name', 'property_name', 'tag_name', 'resource_type')}}

    def _post(self, path, body):
        return self._send('POST', path, json=body).json()

    def _send(self, verb, path, **kwargs):
        answer = self._session.request(verb, self._url + path, timeout=30,
                                       **kwargs)
        if answer.status_code >= 400:
            raise ValueError('%s %s: %s' % (verb, path, json.dumps(
                answer.text)))
        return answer
