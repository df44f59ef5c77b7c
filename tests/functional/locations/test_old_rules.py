"""Rules of today are for what is added today: old locations are read on."""

from tests.functional.locations import base

STRICT = {'allowed_hosts': [], 'allowed_ports': [80, 443]}


class TestWeb(base.TestCase):

    def setUp(self):
        super().setUp()
        self.old = self.service.create()['id']
        self.expect(200, self.add(self.old))
        self.service.conf.config(group='import_filtering_opts', **STRICT)

    def download(self, image_id, status=200):
        return self.expect(status, self.service.call(
            'GET', '/v2/images/%s/file' % image_id)).body

    def test_what_is_recorded(self):
        self.assertEqual(base.DATA, self.download(self.old))
        self.expect(200, self.patch(self.old, 'replace', '/name', 'x'))
        self.assertEqual([self.url], self.urls(self.old))

    def test_what_is_added(self):
        new = self.service.create()['id']
        before = self.web.requests(1)
        for image_id, url in ((new, self.url), (self.old, self.url + '#2'),
                              (new, 'http://10.0.0.1/x')):
            answer = self.expect(400, self.add(image_id, url=url))
            self.assertIn('does not pass filtering', answer.text)
            admin = {'roles': 'admin,member,reader'}
            self.expect(400, self.patch(image_id, 'add', '/locations/-',
                                        self.location(url), **admin))
        for url in (self.url, 'http://10.0.0.1/x'):
            answer = self.expect(400, self.service.call(
                'POST', '/v2/images/%s/locations' % new, {'url': url}))
            self.assertIn('does not pass filtering', answer.text)
        self.assertEqual(before, self.web.requests(1))
        self.assertEqual('queued', self.image(new)['status'])
