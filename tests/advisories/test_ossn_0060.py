"""OSSN-0060: what the service did for itself went on as an administrator.

Reads of many callers share a trip over the bus, made in the name of the
service; each gets what it may see all the same.
"""

import concurrent.futures

from tests.advisories import base


class TestOwnEyes(base.TestCase):

    options = {'conductor': False}

    def test_many_callers_at_the_same_time(self):
        image_id = self.service.create(visibility='private')['id']
        path = self.path(image_id)

        def status(number):
            send = (self.service.admin, self.service.call,
                    lambda *args: self.service.call(
                        *args, project=base.STRANGER))[number % 3]
            return send('GET', path).status_int
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            statuses = list(pool.map(status, range(240)))
        self.assertEqual([200, 200, 404] * 80, statuses)

    def test_a_write_after_a_read_of_an_administrator(self):
        image_id = self.service.create(visibility='private')['id']
        self.service.admin('GET', self.path(image_id))
        for verb in ('GET', 'DELETE'):
            answer = self.service.call(verb, self.path(image_id),
                                       project=base.STRANGER)
            self.assertEqual(404, answer.status_int)
        answer = self.service.call('GET', base.IMAGES + '?visibility=all',
                                   project=base.STRANGER)
        self.assertEqual([], answer.json['images'])
