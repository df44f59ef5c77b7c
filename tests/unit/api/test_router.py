"""Paths and verbs to handlers."""

from oslotest import base

from glance.api import router
from glance.common import exceptions

ROUTES = {
    '/things': {'GET': 'list', 'POST': 'create'},
    '/things/{thing_id}': {'GET': 'get', 'DELETE': 'delete'},
    '/v2/things/clean': {'POST': 'clean'},
    '/things/{thing_id}/parts/{part}': {'PUT': 'update'},
}


class TestRouter(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.router = router.Router(ROUTES)

    def test_a_fixed_path_leads_to_its_handler(self):
        self.assertEqual(('list', {}, '/things'),
                         self.router.match('/things', 'GET'))

    def test_parameters_are_taken_from_the_path(self):
        self.assertEqual(
            ('update', {'thing_id': 'a b', 'part': 'ü'},
             '/things/{thing_id}/parts/{part}'),
            self.router.match('/things/a b/parts/ü', 'PUT'))

    def test_fixed_segment_before_parameter(self):
        self.assertEqual(('clean', {}, '/things/clean'),
                         self.router.match('/things/clean', 'POST'))

    def test_unknown_path(self):
        for path in ('/', '/nope', '/things/', '/things//parts/x',
                     '/things/a/parts', '/things/a/b/c/d', ''):
            self.assertRaises(exceptions.NotFound, self.router.match, path,
                              'GET')

    def test_unknown_verb_of_a_known_path(self):
        for verb in ('HEAD', 'PATCH', 'OPTIONS', 'BREW'):
            error = self.assertRaises(exceptions.MethodNotAllowed,
                                      self.router.match, '/things/a', verb)
            self.assertEqual(('GET', 'DELETE'), error.allowed)

    def test_unknown_verb_of_an_unknown_path(self):
        self.assertRaises(exceptions.MethodUnknown, self.router.match,
                          '/nope', 'BREW')

    def test_one_place_has_one_name(self):
        self.assertRaises(ValueError, router.Router,
                          {'/a/{x}': {}, '/a/{y}/b': {}})
