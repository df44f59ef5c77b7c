"""What a datastore answers to a range, and what becomes of it."""

from unittest import mock

import fixtures
from glance_store._drivers import vmware_datastore as theirs
from oslotest import base

from glance.common import exceptions
from tests.unit.store import offline

URL = ('vsphere://vcenter/folder/openstack/images/x?'
       'dsName=Disk&dcPath=%2FDC+0')
DATA = bytes(range(100))


class Answer:

    def __init__(self, status, data=b'', **headers):
        self.status_code, self._data = status, data
        self.headers = {name.replace('_', '-'): value
                        for name, value in headers.items()}
        self.is_closed = False

    def iter_content(self, size):
        return (self._data[start:start + 7]
                for start in range(0, len(self._data), 7))

    def close(self):
        self.is_closed = True


class TestRange(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.store = self.useFixture(
            offline.Stores('vmware')).all.by_id('vmware')
        self.asked, self.answers = [], []
        self.useFixture(fixtures.MockPatchObject(
            theirs, 'new_session', lambda *_args: mock.Mock(get=self.answer)))
        self.useFixture(fixtures.MockPatchObject(
            theirs.Store, '_build_vim_cookie_header', lambda _self: 'a=b'))

    def answer(self, url, stream, headers):
        self.asked.append(headers['Range'])
        return self.answers[len(self.asked) - 1]

    def read(self, answer, *args):
        self.answers.append(answer)
        reader = self.store.open(URL, *args)
        data = b''.join(reader)
        reader.close()
        self.assertTrue(answer.is_closed)
        self.assertEqual(len(data), reader.length)
        return data

    def test_a_part_comes_as_it_is(self):
        data = self.read(Answer(206, DATA[10:30],
                                Content_Range='bytes 10-29/100'), 10, 20)
        self.assertEqual(DATA[10:30], data)
        self.assertEqual(DATA[90:], self.read(
            Answer(206, DATA[90:], Content_Range='bytes 90-99/100'), 90))
        self.assertEqual(['bytes=10-29', 'bytes=90-'], self.asked)

    def test_all_is_cut_where_a_part_was_wanted(self):
        for headers in ({}, {'Content_Length': '100'}):
            data = self.read(Answer(200, DATA, **headers), 10, 20)
            self.assertEqual(DATA[10:30], data)

    def test_nothing_follows_the_end(self):
        self.assertEqual(b'', self.read(Answer(416, b'no'), 100))

    def test_another_part_is_refused(self):
        for status, part in ((206, 'bytes 0-19/100'),
                             (206, 'bytes 10-30/100'), (206, 'bytes 10-9/1'),
                             (206, ''), (500, ''), (204, '')):
            self.answers.append(Answer(status, DATA, Content_Range=part))
            self.assertRaises(exceptions.StoreUnavailable, self.store.open,
                              URL, 10, 20)
            self.assertTrue(self.answers[-1].is_closed)

    def test_data_that_is_gone_is_not_found(self):
        self.answers.append(Answer(404))
        self.assertRaises(exceptions.NotFound, self.store.open, URL, 1)

    def test_an_old_session_is_renewed_once(self):
        self.answers.append(Answer(401))
        self.read(Answer(206, b'x', Content_Range='bytes 1-1/2'), 1)
        self.assertEqual(2, len(self.asked))
        self.answers += [Answer(401)] * 2
        self.assertRaises(exceptions.StoreUnavailable, self.store.open, URL,
                          1)
