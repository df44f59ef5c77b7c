"""Downloads with a cache: hits, misses, and many at the same time."""

import os

from glance.api import pipeline
from glance.api import services
from glance.common import exceptions
from tests.functional.cache import base

DATA = base.DATA


class TestDownloads(base.TestCase):

    def test_fetched_once(self):
        for _number in range(3):
            self.download()
            self.eventually([self.image_id], self.files)
        self.assertEqual([0], self.gate.opened)
        self.eventually([self.image_id], self.listed)

    def test_fetched_once_though_it_was_not_there_yet(self):
        """The other one ends between a look and the next."""
        self.cached()
        real, looks = self.cache.open_whole, []

        def look(*args):
            looks.append(args)
            return real(*args) if len(looks) > 1 else None
        self.cache.open_whole = look
        self.download()
        self.assertEqual([0], self.gate.opened)
        self.assertEqual(([self.image_id], []), (self.files(), self.parts()))

    def test_same_headers(self):
        answers = []
        for _number in range(2):
            headers = dict(self.get().headers)
            del headers['x-openstack-request-id']
            answers.append(headers)
            self.eventually([self.image_id], self.files)
        self.assertEqual(answers[0], answers[1])
        self.assertEqual(str(len(DATA)), answers[0]['Content-Length'])

    def test_many_at_once(self):
        self.gate.allowed = len(DATA) // 2
        downloads = base.Downloads(self.get, 6)
        self.eventually([len(DATA) // 2] * 6,
                        lambda: [len(one) for one in downloads.received])
        self.assertEqual(([], []), (self.files(), self.listed()))
        self.gate.allowed = len(DATA)
        self.check_data(downloads.wait())
        self.assertEqual([0], self.gate.opened)
        self.eventually([self.image_id], self.files)

    def test_a_client_leaves(self):
        """The image gets into the cache all the same."""
        self.gate.allowed = len(DATA) // 2
        body = self.get().app_iter
        next(iter(body))
        body.close()
        self.gate.allowed = len(DATA)
        self.eventually([self.image_id], self.files)

    def test_store_fails_on_the_way(self):
        """The rest is read from the store; what is here is of no use."""
        self.gate.allowed = len(DATA) // 2
        downloads = base.Downloads(self.get, 2)
        self.eventually([len(DATA) // 2] * 2,
                        lambda: [len(one) for one in downloads.received])
        self.gate.error = exceptions.StoreUnavailable()
        self.check_data(downloads.wait())
        self.assertEqual([0, len(DATA) // 2, len(DATA) // 2],
                         self.gate.opened)
        self.assertEqual(([], []), (self.files(), self.listed()))

    def test_store_away(self):
        os.unlink(os.path.join(self.service.state, 'fast', self.image_id))
        self.assertEqual(404, self.get().status_int)
        self.assertEqual(([], []), (self.files(), self.parts()))

    def test_wrong_data_is_not_kept(self):
        self.gate.wrong = True
        self.get()
        self.eventually([], self.parts)
        self.assertEqual(([], []), (self.files(), self.listed()))

    def test_a_range_is_alike_from_store_and_cache(self):
        part = {'Range': 'bytes=1000-1999'}
        for opened in ([1000], [1000, 0]):
            answer = self.get(headers=part)
            self.assertEqual((206, DATA[1000:2000]), (answer.status_int,
                                                      answer.body))
            self.assertEqual('bytes 1000-1999/%d' % len(DATA),
                             answer.headers['Content-Range'])
            self.assertEqual(opened, self.gate.opened)
            if len(opened) == 1:
                self.assertEqual([], self.files() + self.parts())
                self.cached()

    def test_range_of_a_growing_file(self):
        self.gate.allowed = len(DATA) // 2
        downloads = base.Downloads(self.get, 1)
        self.eventually([self.image_id], self.parts)
        answer = self.get(headers={'Range': 'bytes=0-9'})
        self.assertEqual([0, 0], self.gate.opened)
        self.gate.allowed = len(DATA)
        self.assertEqual(DATA[:10], answer.body)
        downloads.wait()

    def test_an_unknown_store_is_refused_though_cached(self):
        """Decided before the cache is asked."""
        self.cached()
        for query, status in (('fast', 200), ('cold', 200), ('nowhere', 400)):
            answer = self.service.call(
                'GET', '/v2/images/%s/file?prefer=%s' % (self.image_id, query))
            self.assertEqual(status, answer.status_int)

    def test_body_refused(self):
        self.cached()
        self.assertEqual(400, self.get(body={}).status_int)

    def test_a_deactivated_image_is_for_administrators(self):
        self.cached()
        self.service.call('POST',
                          '/v2/images/%s/actions/deactivate' % self.image_id)
        self.assertEqual(403, self.get().status_int)
        self.admin(200, 'GET', '/v2/images/%s/file' % self.image_id)

    def test_too_large(self):
        self.cache.max_size = len(DATA) - 1
        self.download()
        self.assertEqual([], self.files() + self.parts())

    def test_shortened_file(self):
        self.cached()
        os.truncate(os.path.join(self.folder, self.image_id), 100)
        self.download()
        self.eventually(len(DATA), lambda: os.path.getsize(
            os.path.join(self.folder, self.image_id)))

    def test_a_deleted_image_leaves_the_cache(self):
        self.cached()
        self.service.call('DELETE', '/v2/images/' + self.image_id)
        self.assertEqual(([], []), (self.files(), self.listed()))
        self.assertEqual(404, self.get().status_int)

    def test_deleted_on_the_way(self):
        self.gate.allowed = len(DATA) // 2
        downloads = base.Downloads(self.get, 1)
        self.eventually([self.image_id], self.parts)
        self.service.call('DELETE', '/v2/images/' + self.image_id)
        self.gate.allowed = len(DATA)
        self.check_data(downloads.wait())
        self.eventually([], self.parts)
        self.assertEqual(([], []), (self.files(), self.listed()))


class TestOff(base.TestCase):
    """The folder alone does not make downloads use it."""

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='paste_deploy', flavor='trusted-auth')
        self.service.wsgi = pipeline.load()

    def test_no_filter(self):
        self.download()
        self.assertEqual([], self.files() + self.parts())
        self.admin(404, 'GET', '/v2/cached_images')


class TestNone(base.TestCase):
    """The filters alone do not make a cache."""

    def setUp(self):
        super().setUp()
        services.reset()
        self.service.conf.config(image_cache_dir=None)

    def test_downloads_leave_no_files(self):
        self.download()
        self.assertEqual([], self.files() + self.parts())

    def test_its_calls_and_their_version_are_not_there(self):
        for verb, path in (('GET', ''), ('DELETE', ''),
                           ('PUT', '/' + self.image_id),
                           ('DELETE', '/' + self.image_id),
                           ('POST', '/clean'), ('POST', '/prune'),
                           ('GET', '/nodes/' + self.image_id)):
            self.admin(404, verb, '/v2/cache' + path)
        versions = self.service.call('GET', '/versions').json['versions']
        self.assertNotIn('v2.18', [one['id'] for one in versions])
