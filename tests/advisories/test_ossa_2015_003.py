"""OSSA-2015-003: deleting an image during its upload evaded the quota."""

import threading

from tests.advisories import base

MIB = 1 << 20


class Dripping:
    """A body that stops in the middle until the test goes on."""

    def __init__(self, first, rest):
        self._parts = [first, rest]
        self.half_way = threading.Event()
        self.go_on = threading.Event()

    def read(self, size=-1):
        if len(self._parts) == 1:
            self.half_way.set()
            self.go_on.wait(30)
        if not self._parts:
            return b''
        data = self._parts[0][:size] if size >= 0 else self._parts[0]
        self._parts[0] = self._parts[0][len(data):]
        if not self._parts[0]:
            del self._parts[0]
        return data


class TestQuota(base.TestCase):

    options = {'user_storage_quota': '2MB', 'conductor': False}

    def begin(self, announced):
        """An upload of 1.5 MiB that is half way through."""
        image_id = self.service.create()['id']
        body = Dripping(bytes(MIB), bytes(MIB // 2))
        environ = {'wsgi.input': body, 'wsgi.input_terminated': True,
                   'webob.is_body_seekable': False,
                   'CONTENT_LENGTH': str(3 * MIB // 2)}
        if not announced:
            environ.update(CONTENT_LENGTH='',
                           HTTP_TRANSFER_ENCODING='chunked')
        answers = []
        thread = threading.Thread(target=lambda: answers.append(
            self.service.upload(image_id, b'', **environ)))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(body.go_on.set)
        self.assertTrue(body.half_way.wait(30))

        def end():
            body.go_on.set()
            thread.join()
            return answers[0].status_int
        return image_id, end

    def upload(self, size):
        image_id = self.service.create()['id']
        return self.service.upload(image_id, bytes(size)).status_int

    def delete(self, image_id):
        self.assertEqual(204, self.service.call(
            'DELETE', self.path(image_id)).status_int)

    def test_bytes_of_a_deleted_image_count_until_they_are_gone(self):
        image_id, end = self.begin(announced=True)
        self.delete(image_id)
        self.assertEqual(413, self.upload(MIB))
        self.assertEqual(410, end())
        self.assertEqual([], self.service.stored_files())
        self.assertEqual(204, self.upload(2 * MIB))

    def test_again_and_again(self):
        outcomes = []
        for _round in range(3):
            image_id = self.service.create()['id']
            outcomes.append(self.service.upload(
                image_id, bytes(MIB)).status_int)
            # Nobody removes the data: there is no conductor.
            self.delete(image_id)
        self.assertEqual([204, 204, 413], outcomes)
        self.assertEqual(2, len(self.service.stored_files()))

    def test_bytes_that_nobody_announced(self):
        first, end_first = self.begin(announced=False)
        second, end_second = self.begin(announced=False)
        # Both fitted when they began.
        self.assertEqual([204, 413], sorted([end_first(), end_second()]))
        self.assertEqual(1, len(self.service.stored_files()))
        statuses = sorted(self.show(image_id)['status']
                          for image_id in (first, second))
        self.assertEqual(['active', 'queued'], statuses)
