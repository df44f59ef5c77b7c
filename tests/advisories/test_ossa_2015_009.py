"""OSSA-2015-009: metadata of an image ran as a script in a page."""

import html

from tests.advisories import base

SCRIPT = '<script>alert(1)</script>'


class TestScripts(base.TestCase):

    def check_headers(self, answer):
        self.assertEqual('nosniff', answer.headers['X-Content-Type-Options'])

    def test_documents_are_json(self):
        image = self.service.create(name=SCRIPT, a=SCRIPT, tags=[SCRIPT])
        for path in (base.IMAGES, self.path(image['id'])):
            answer = self.service.call('GET', path,
                                       headers={'Accept': 'text/html'})
            self.assertEqual('application/json', answer.content_type)
            self.assertIn(SCRIPT, answer.text)
            self.check_headers(answer)

    def test_data_is_no_page(self):
        image_id = self.active(SCRIPT.encode())
        answer = self.service.call('GET', self.path(image_id, '/file'),
                                   headers={'Accept': 'text/html'})
        self.assertEqual('application/octet-stream', answer.content_type)
        self.check_headers(answer)

    def test_errors_are_escaped(self):
        for accept in ('text/html', 'text/html, */*'):
            answer = self.service.call(
                'GET', base.IMAGES + '?sort_key=' + SCRIPT,
                headers={'Accept': accept})
            self.assertEqual((400, 'text/html'),
                             (answer.status_int, answer.content_type))
            self.assertNotIn(SCRIPT, answer.text)
            self.assertIn(html.escape(SCRIPT), answer.text)
            self.check_headers(answer)
