"""Locations of images, with a web server that has the data."""

from oslotest import base

from tests.fixtures import conductor
from tests.fixtures.servers import nginx
from tests.fixtures import service

DATA = b'some data' * 100


class TestCase(base.BaseTestCase):

    options = {}

    def setUp(self):
        super().setUp()
        self.web = self.useFixture(nginx.Nginx())
        self.service = self.useFixture(service.Service(
            conductor=False, show_multiple_locations=True, **self.options))
        self.service.conf.config(
            group='import_filtering_opts', allowed_hosts=['127.0.0.1'],
            allowed_ports=[self.web.port])
        self.url = self.web.url + 'image'
        self.web.add('image', DATA)

    def image(self, image_id):
        return self.service.call('GET', '/v2/images/' + image_id).json

    def urls(self, image_id):
        return [location['url'] for location
                in self.image(image_id).get('locations', ())]

    def location(self, url=None, **more):
        return dict({'url': url or self.url, 'metadata': {}}, **more)

    def patch(self, image_id, verb, path, value=None, **kwargs):
        operation = {'op': verb, 'path': path}
        if value is not None:
            operation['value'] = value
        return self.service.patch(image_id, [operation], **kwargs)

    def add(self, image_id, position='-', **kwargs):
        return self.patch(image_id, 'add', '/locations/%s' % position,
                          self.location(**kwargs))

    def expect(self, status, answer):
        self.assertEqual(status, answer.status_int, answer.text)
        return answer

    def work(self):
        conductor.work()
