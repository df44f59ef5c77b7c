"""Lists of what a cache holds, which may be long."""

import json
import time

from oslotest import base

from glance.api import cache_calls
from glance.common import concurrency


class Cache:

    def __init__(self, *pages):
        self._pages = pages

    def pages(self):
        for page in self._pages:
            yield [{'image_id': one, 'size': 5, 'gone': False}
                   for one in page]


class DocumentTest(base.BaseTestCase):

    def document(self, *pages, **more):
        return cache_calls.document(Cache(*pages), ('image_id', 'size'),
                                    **more)

    def test_all_pages_make_one_json_document(self):
        for pages in ((), ([],), (['a'],), (['a', 'b'], ['c']),
                      ([], ['a']), (['a'], []), (['a'], [], ['b'], [])):
            for more in ({}, {'queued_images': []},
                         {'queued_images': ['x', 'y']}):
                answer = self.document(*pages, **more)
                self.assertEqual(dict(more, cached_images=[
                    {'image_id': one, 'size': 5}
                    for page in pages for one in page]),
                    json.loads(answer.body))
                self.assertEqual(
                    [('Content-Type', 'application/json'),
                     ('Content-Length', str(len(answer.body)))],
                    answer.headerlist)

    def test_nothing_is_put_together(self):
        answer = self.document(*[['x' * 1000] * 100] * 20)
        self.assertLess(max(map(len, answer.app_iter)), 200000)

    def test_others_have_their_turn(self):
        if not concurrency.is_green():
            self.skipTest('threads have it anyway')
        begun, ended = [], []

        def other():
            time.sleep(0)
            begun.append(len(ended))

        def pages():
            for _number in range(3):
                yield []
                ended.append(list(begun))

        cache = Cache()
        cache.pages = pages
        task = concurrency.spawn(other)
        cache_calls.document(cache, ())
        task.wait()
        self.assertEqual([[0]] * 3, ended)
