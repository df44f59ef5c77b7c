"""OSSA-2013-007: headers of a cached image told where its data is."""

import json

from tests.functional.cache import base


class TestHeaders(base.TestCase):

    options = {'show_multiple_locations': True,
               'show_image_direct_url': True}

    def test_same_with_and_without_cache(self):
        answers = []
        for _time in range(2):
            headers = dict(self.get().headers)
            del headers['x-openstack-request-id']
            answers.append(headers)
            self.cached()
        self.assertEqual(answers[0], answers[1])
        self.assertEqual([0], self.gate.opened)
        text = json.dumps(answers)
        for place in ('file:', self.service.state, self.folder):
            self.assertNotIn(place, text)
