"""The table of routes against the contract of the API."""

import pathlib

from oslotest import base
import yaml

from glance.api import router
from glance.api import routes
from glance.api.v2 import cached_images
from glance.common import exceptions

CONTRACT = pathlib.Path(__file__).parents[1] / 'data' / 'contract'
# Paths of images that are not served yet.
LATER_OF_IMAGES = ('locations',)
# Answered before the application of v2.
OUTSIDE = ('/', '/versions', '/healthcheck')
# Ours beside the contract.
MORE = ('/tasks/{task_id}/actions/cancel', '/tasks/{task_id}/actions/retry')
# Upstream answers a body here, ours refuses it as everywhere else.
STRICTER = ('/v2/schemas/task', '/v2/schemas/tasks')


def is_later(path):
    return (path.startswith('/v2/images/{image_id}/')
            and path.split('/')[4] in LATER_OF_IMAGES)


class TestRoutes(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        document = yaml.safe_load((CONTRACT / 'routes.yaml').read_text())
        self.contract = [route for route in document['routes']
                         if route['path'] not in OUTSIDE]
        # The second table is that of a filter.
        self.routes = {**routes.ROUTES, **cached_images.ROUTES}
        self.router = router.Router(self.routes)

    def match(self, route):
        path = route['path'].removeprefix('/v2')
        return self.router.match(path, route['method'])[0]

    def test_served(self):
        served = [route for route in self.contract
                  if not is_later(route['path'])]
        for route in served:
            handler = self.match(route)
            if route['path'] not in STRICTER:
                self.assertEqual(route.get('body_rejected_with_400', False),
                                 getattr(handler, 'no_body', False), route)
        self.assertEqual(
            len(served),
            sum(len(verbs) for path, verbs in self.routes.items()
                if path not in MORE)
            # One entry for all documents of a folder.
            + 16 - 2)

    def test_later(self):
        for route in self.contract:
            if is_later(route['path']):
                self.assertRaises(exceptions.NotFound, self.match, route)

    def test_verbs(self):
        for route in self.contract:
            allowed = route.get('allow_header_on_405')
            if allowed is None or is_later(route['path']):
                continue
            error = self.assertRaises(
                exceptions.MethodNotAllowed, self.match,
                dict(route, method='HEAD'))
            self.assertEqual(set(allowed.split(', ')), set(error.allowed))
