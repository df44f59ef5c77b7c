"""A service that shows locations, and a web server with data."""

import functools
import http.server
import os
import threading

import fixtures

from tests.advisories import base

DATA = b'data in the web'


class _Handler(http.server.SimpleHTTPRequestHandler):

    def do_GET(self):
        self.server.requests.append(self.path)
        if not self.path.startswith('/to/'):
            return super().do_GET()
        self.send_response(302)
        self.send_header('Location', self.server.redirects[
            int(self.path.removeprefix('/to/'))])
        self.end_headers()

    def log_message(self, *args):
        """Not into the output of the tests."""


class _Server(http.server.ThreadingHTTPServer):

    def handle_error(self, request, client_address):
        """Clients may leave as they like."""


class WebServer(fixtures.Fixture):
    """Serves the files of a folder.

    :ivar url: of the folder
    :ivar port: of the server
    :ivar requests: the paths asked for
    """

    def _setUp(self):
        self.folder = self.useFixture(fixtures.TempDir()).path
        server = _Server(('127.0.0.1', 0), functools.partial(
            _Handler, directory=self.folder))
        server.redirects = self._redirects = []
        server.requests = self.requests = []
        self.port = server.server_port
        self.url = 'http://127.0.0.1:%d/' % self.port
        self._server = server
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)

    def use(self, context):
        """Encrypt connections from now on."""
        self._server.socket = context.wrap_socket(self._server.socket,
                                                  server_side=True)

    def put(self, name, data):
        """:returns: the URL of the new file"""
        with open(os.path.join(self.folder, name), 'wb') as file:
            file.write(data)
        return self.url + name

    def redirect(self, url):
        """:returns: a URL that redirects to this one"""
        self._redirects.append(url)
        return '%sto/%d' % (self.url, len(self._redirects) - 1)


class TestCase(base.TestCase):

    options = {'conductor': False, 'show_multiple_locations': True}

    def setUp(self):
        super().setUp()
        self.web = self.useFixture(WebServer())
        self.service.conf.config(
            group='import_filtering_opts', allowed_hosts=['127.0.0.1'],
            allowed_ports=[self.web.port])
        self.url = self.web.put('data', DATA)

    def add(self, image_id, url, **kwargs):
        """Status of adding a location."""
        return self.change(image_id, 'add', 'locations/-',
                           {'url': url, 'metadata': {}}, **kwargs)

    def located(self):
        """Id of an image whose data is in the web."""
        image_id = self.service.create()['id']
        self.assertEqual(200, self.add(image_id, self.url))
        return image_id

    def download(self, image_id):
        return self.service.call('GET', self.path(image_id, '/file')).body
