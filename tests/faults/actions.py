"""What a client does with an image; each ends with what is certain."""

import random
import uuid

from tests.faults import cloud
from tests.faults import journal as journals

PATCH = 'application/openstack-images-v2.1-json-patch'
DATA = 'application/octet-stream'


class Actions:
    """:param caller: `tests.faults.calls.Caller`
    :param web: `tests.fixtures.servers.nginx.Nginx`
    """

    def __init__(self, caller, journal, web, seed):
        self._caller, self._journal, self._web = caller, journal, web
        self._random = random.Random(seed)

    def create(self):
        """:returns: a journals.Image"""
        image_id = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        image = journals.Image(image_id, self._caller.project)
        self._journal.add(image)
        response = self._caller.json('POST', '/v2/images', (201, 409), {
            'id': image_id, 'name': image_id, 'disk_format': 'raw',
            'container_format': 'bare', 'step': '0'})
        if response.status_code == 409 and not response.unsure:
            self._odd(image, 'it is there before it was created')
        image.status = 'queued'
        self._done('create', image)
        return image

    def new_data(self):
        """Mostly small; some that one buffer does not hold."""
        size = self._random.choice((1000, 60000, 300000, 3 << 20))
        return self._random.randbytes(size)

    def upload(self, image):
        data = self.new_data()
        path = '/v2/images/%s/file' % image.id
        while True:
            response = self._caller.call('PUT', path, (204, 409, 410), data,
                                         DATA)
            if response.status_code == 204 or self._is_active(image):
                break
            # The first try is undone when its lease has run out.
            self._caller.pause('upload of ' + image.id)
        self._has_data(image, data, {cloud.STORES[0]})
        self._done('upload', image)

    def web_download(self, image):
        data = self.new_data()
        name = 'faults-' + image.id
        self._web.add(name, data)
        stores = self._some_stores()
        self._import(image, {'name': 'web-download',
                             'uri': self._web.url + name}, stores)
        self._has_data(image, data, stores)
        self._done('web-download', image)

    def glance_direct(self, image):
        data, stores = self.new_data(), self._some_stores()
        while not self._is_active(image):
            self._stage(image, data)
            self._import(image, {'name': 'glance-direct'}, stores, once=True)
        self._has_data(image, data, stores)
        self._done('glance-direct', image)

    def _stage(self, image, data):
        path = '/v2/images/%s/stage' % image.id
        while True:
            response = self._caller.call('PUT', path, (204, 409, 410), data,
                                         DATA)
            if response.status_code == 204:
                return
            found = self._caller.show(image.id)
            if found['status'] == 'uploading' and found.get('size'):
                return
            if found['status'] in ('importing', 'active'):
                return
            self._caller.pause('staging of ' + image.id)

    def copy(self, image):
        missing = set(cloud.STORES) - image.stores
        if not missing or image.status != 'active':
            return
        while self._stores_of(image) != set(cloud.STORES):
            # A copy may be done whose beginning was never answered.
            response = self._caller.json(
                'POST', '/v2/images/%s/import' % image.id, (202, 400, 409), {
                    'method': {'name': 'copy-image'},
                    'stores': sorted(missing)}, admin=True)
            succeeded = (response.status_code == 202
                         and self._until_task_ended(image))
            if succeeded and self._stores_of(image) != set(cloud.STORES):
                self._odd(image, 'a copy succeeded that is not there')
            self._caller.pause('copy of ' + image.id)
        image.stores |= missing
        self._done('copy', image)

    def patch(self, image):
        self._caller.json(
            'PATCH', '/v2/images/' + image.id, (200,),
            [{'op': 'replace', 'path': '/step',
              'value': str(image.step + 1)}], media_type=PATCH)
        image.step += 1
        image.updated()
        self._done('patch', image)

    def tag(self, image):
        tag = 't%d' % len(image.tags)
        self._caller.call('PUT', '/v2/images/%s/tags/%s' % (image.id, tag),
                          (204,))
        image.tags.add(tag)
        image.updated()
        self._done('tag', image)

    def switch(self, image):
        """Deactivate it, or activate it again."""
        if image.status not in ('active', 'deactivated'):
            return
        verb, status = (('deactivate', 'deactivated')
                        if image.status == 'active'
                        else ('reactivate', 'active'))
        self._caller.call('POST', '/v2/images/%s/actions/%s'
                          % (image.id, verb), (204,), admin=True)
        image.status = status
        image.updated()
        self._done(verb, image)

    def delete(self, image):
        response = self._caller.call('DELETE', '/v2/images/' + image.id,
                                     (204, 404))
        if response.status_code == 404 and not response.unsure:
            self._odd(image, 'it was gone before it was deleted')
        image.deleted = True
        self._done('delete', image)

    def read(self, image):
        """What was acknowledged is served."""
        if image.status != 'active':
            return
        response = self._caller.call(
            'GET', '/v2/images/%s/file' % image.id, (200,))
        if response.content != image.data:
            self._odd(image, 'other data is served')
        self._done('read', image)

    def _import(self, image, method, stores, once=False):
        """:param once: return when the image can be staged again"""
        body = {'method': method, 'stores': sorted(stores)}
        while not self._is_active(image):
            response = self._caller.json(
                'POST', '/v2/images/%s/import' % image.id, (202, 409), body)
            if (response.status_code == 202 and self._until_task_ended(image)
                    and not self._is_active(image)):
                self._odd(image, 'an import succeeded without data')
            if once and self._caller.show(image.id)['status'] == 'queued':
                return
            self._caller.pause('import of ' + image.id)

    def _until_task_ended(self, image):
        """:returns: whether the last one succeeded"""
        path = '/v2/images/%s/tasks' % image.id
        while True:
            tasks = self._caller.call('GET', path, (200,),
                                      admin=True).json()['tasks']
            going = [task for task in tasks
                     if task['status'] in ('pending', 'processing')]
            if not going:
                break
            self._caller.pause('task of ' + image.id)
        if tasks[-1]['status'] != 'success':
            self._journal.count('failed tasks')
            self._journal.note(self._caller.name, 'task failed', image.id,
                               message=tasks[-1]['message'])
        return tasks[-1]['status'] == 'success'

    def _is_active(self, image):
        """:returns: whether it has data; what is under way is waited for"""
        found = self._caller.show(image.id)
        if found is None:
            self._odd(image, 'it is lost')
            raise LookupError(image.id)
        return found['status'] == 'active'

    def _stores_of(self, image):
        found = self._caller.show(image.id)
        return {one for one in found['stores'].split(',') if one}

    def _some_stores(self):
        return set(self._random.choice(
            (cloud.STORES, cloud.STORES[:1], cloud.STORES[1:])))

    @staticmethod
    def _has_data(image, data, stores):
        image.data, image.stores = data, set(stores)
        image.status = 'active'

    def _done(self, what, image):
        self._journal.acknowledged(self._caller.name, what, image.id)

    def _odd(self, image, text):
        self._journal.complain(self._caller.name, text, image.id)
