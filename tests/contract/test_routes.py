"""The table of routes against the contract of the API."""

from oslotest import base

from glance.api.middleware import cached_images
from glance.api import router
from glance.api import routes
from glance.common import exceptions
from tests.contract import contract

# Answered before the application of v2.
OUTSIDE = ('/', '/versions', '/healthcheck')
# Upstream answers a body here, ours refuses it as everywhere else.
STRICTER = ('/v2/schemas/task', '/v2/schemas/tasks')
# Upstream forgets a verb there.
MORE_VERBS = {'/v2/images/{image_id}/locations': {'GET', 'POST'}}


class TestRoutes(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.contract = [route for route in contract.load('routes')['routes']
                         if route['path'] not in OUTSIDE]
        self.more = contract.ours('operations')
        # The second table is that of a filter.
        self.routes = {**routes.ROUTES, **cached_images.ROUTES}
        self.router = router.Router(self.routes)

    def match(self, route):
        path = route['path'].removeprefix('/v2')
        return self.router.match(path, route['method'])[0]

    def test_each_one_of_the_contract_is_served(self):
        for route in self.contract:
            handler = self.match(route)
            if route['path'] not in STRICTER:
                self.assertEqual(route.get('body_rejected_with_400', False),
                                 getattr(handler, 'no_body', False), route)
        names = ['%s /v2%s' % (verb, path) for path, verbs
                 in self.routes.items() for verb in verbs]
        self.assertEqual(set(), set(self.more) - set(names))
        # One entry for all documents of a folder.
        self.assertEqual(len(self.contract),
                         len(set(names) - set(self.more)) + 16 - 2)

    def test_a_405_names_the_allowed_verbs(self):
        for route in self.contract:
            allowed = route.get('allow_header_on_405')
            if allowed is None:
                continue
            error = self.assertRaises(
                exceptions.MethodNotAllowed, self.match,
                dict(route, method='HEAD'))
            self.assertEqual(
                MORE_VERBS.get(route['path'], set(allowed.split(', '))),
                set(error.allowed))
