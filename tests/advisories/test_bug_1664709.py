"""Bugs 1664709, 1229823: parts of images were cached and served as whole.

The same when an image is deleted while it gets into the cache.
"""

from tests.functional.cache import base

PART = {'Range': 'bytes=100-199'}


class TestParts(base.TestCase):

    def nothing(self):
        self.eventually([], self.parts)
        self.assertEqual(([], []), (self.files(), self.listed()))

    def test_range_first(self):
        answer = self.get(headers=PART)
        self.assertEqual((206, base.DATA[100:200]),
                         (answer.status_int, answer.body))
        self.download()
        self.cached()
        self.assertEqual(base.DATA[100:200], self.get(headers=PART).body)
        self.download()

    def test_not_seen_before_it_is_whole(self):
        self.gate.allowed = len(base.DATA) // 2
        downloads = base.Downloads(self.get, 1)
        self.eventually([self.image_id], self.parts)
        self.assertEqual(([], []), (self.files(), self.listed()))
        self.gate.allowed = len(base.DATA)
        self.check_data(downloads.wait())
        self.eventually([self.image_id], self.listed)

    def test_wrong_data(self):
        self.gate.wrong = True
        self.get()
        self.nothing()
        self.gate.wrong = False
        self.download()

    def test_deleted_on_the_way(self):
        self.gate.allowed = len(base.DATA) // 2
        downloads = base.Downloads(self.get, 2)
        self.eventually([self.image_id], self.parts)
        answer = self.service.call('DELETE', '/v2/images/' + self.image_id)
        self.assertEqual(204, answer.status_int)
        self.gate.allowed = len(base.DATA)
        downloads.wait()
        self.nothing()
        self.assertEqual(404, self.get().status_int)
