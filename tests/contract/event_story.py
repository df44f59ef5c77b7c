"""Requests after which the service has told every kind of event."""

import time
import uuid

from glance.api import services
from glance.common import context
from glance.objects import usage
from tests.contract.cases import metadefs
from tests.contract import givens

V2 = '/v2/images/'
METADEFS = '/v2/metadefs/namespaces'
LARGE = bytes(1 << 20)


class Story:
    """:param service: a `tests.contract.world.Several` with a conductor"""

    def __init__(self, service):
        self._service = service

    def tell_all(self):
        for part in (self.images, self.uses, self.members, self.failures,
                     self.cache, self.imports, self.metadefs):
            part()

    def _admin(self, verb, path, body=None, **kwargs):
        answer = self._service.admin(verb, path, body, **kwargs)
        if answer.status_int >= 400:
            raise ValueError('%s %s: %s' % (verb, path, answer.text))
        return answer

    def upload(self):
        image_id = self._service.create()['id']
        self._admin('PUT', '%s%s/file' % (V2, image_id), givens.DATA)
        return image_id

    def sequences(self):
        """:returns: {name in the contract: function that brings it about}"""
        return {'upload': self.upload, 'rejected_upload': self.reject,
                'copy_image': self.copy,
                'import_glance_direct_two_stores': lambda:
                    self.wait_for_task(self.stage_and_import()),
                'namespace_with_content': lambda: self._admin(
                    'POST', METADEFS, metadefs.CONTENT)}

    def images(self):
        image_id = self.upload()
        self._service.patch(image_id, [
            {'op': 'add', 'path': '/name', 'value': 'new'}])
        self._admin('DELETE', V2 + image_id)

    def uses(self):
        image_id = self._service.create()['id']
        self._service.conf.config(group='usage', enabled=True)
        for is_gone in (False, True):
            services.registry().usage.merge(context.internal(), [{
                'at_ms': int(time.time() * 1000), 'kind': usage.SERVER,
                'id': str(uuid.UUID(int=1)), 'project_id': 'p1',
                'image_id': image_id, 'is_gone': is_gone}])
        self._service.conf.config(group='usage', enabled=False)

    def members(self):
        path = V2 + self._service.create()['id'] + '/members'
        self._admin('POST', path, {'member': 'p2'})
        self._admin('PUT', path + '/p2', {'status': 'accepted'})
        self._admin('DELETE', path + '/p2')

    def failures(self):
        """An upload that is refused, a download that is cut off."""
        self.reject()
        image_id = self._service.create()['id']
        self._service.upload(image_id, LARGE)
        body = self._service.call(
            'GET', '%s%s/file' % (V2, image_id),
            headers={'Range': 'bytes=0-999999'}).app_iter
        next(iter(body))
        body.close()

    def cache(self):
        """The same image out of the store, and out of the cache."""
        path = '%s%s/file' % (V2, self.upload())
        self._admin('GET', path).body
        self.wait_until(lambda: self._admin(
            'GET', '/v2/cache').json['cached_images'])
        self._admin('GET', path, REMOTE_ADDR='127.0.0.1').body

    def reject(self):
        image_id = self._service.create(disk_format='qcow2')['id']
        self._service.upload(image_id, givens.DATA)

    def copy(self):
        image_id = self.upload()
        self._admin('POST', '%s%s/import' % (V2, image_id), {
            'method': {'name': 'copy-image'}, 'stores': ['cold']})
        self.wait_for_task(image_id)

    def imports(self):
        image_id = self.stage_and_import()
        failing = self._service.create()['id']
        self._admin('POST', '%s%s/import' % (V2, failing), {'method': {
            'name': 'web-download', 'uri': self._service.web.url + 'none'}})
        for one in (image_id, failing):
            self.wait_for_task(one)

    def stage_and_import(self, stores=('fast', 'cold')):
        image_id = self._service.create()['id']
        self._admin('PUT', '%s%s/stage' % (V2, image_id), givens.DATA)
        self._admin('POST', '%s%s/import' % (V2, image_id), {
            'method': {'name': 'glance-direct'}, 'stores': list(stores)})
        return image_id

    def wait_for_task(self, image_id):
        def is_over():
            tasks = self._admin('GET', V2 + image_id + '/tasks').json['tasks']
            return tasks[-1]['status'] in ('success', 'failure')
        self.wait_until(is_over)

    def metadefs(self):
        givens.namespaces(self._service, None)
        for verb, path, body in (
                ('PUT', '', {'namespace': 'N', 'description': 'new'}),
                ('PUT', '/objects/a', {'name': 'c'}),
                ('PUT', '/properties/a', {'name': 'c', 'type': 'string',
                                          'title': 'C'}),
                ('PUT', '/tags/a', {'name': 'c'}),
                ('DELETE', '/objects/c', None),
                ('DELETE', '/properties/c', None),
                ('DELETE', '/tags/c', None),
                ('DELETE', '/resource_types/R', None),
                ('DELETE', '/objects', None),
                ('DELETE', '/properties', None),
                ('DELETE', '/tags', None),
                ('DELETE', '', None)):
            self._admin(verb, METADEFS + '/N' + path, body)

    def wait_until(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(condition)
            time.sleep(0.05)
