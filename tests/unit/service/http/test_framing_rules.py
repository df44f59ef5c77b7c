"""Which framing headers are refused."""

from oslotest import base

from glance.service.http import head


class FramingTestCase(base.BaseTestCase):

    def test_framing_in_one_way_is_accepted(self):
        for lengths, encodings in (([], []), (['0'], []), (['123'], []),
                                   ([], ['chunked']), ([], ['Chunked'])):
            self.assertIsNone(head.framing_problem(lengths, encodings))

    def test_framing_in_doubt_is_refused(self):
        for lengths, encodings in (
                (['1'], ['chunked']), (['1', '1'], []), (['1', '2'], []),
                ([], ['chunked', 'chunked']), (['-1'], []), (['+1'], []),
                (['1_0'], []), (['0x1'], []), ([''], []), (['1 '], []),
                (['1,1'], []), (['9' * 19], []), (['\x0b2'], []),
                ([], ['\x0bchunked']),
                ([], ['chunked\x0c']), (['١'], []), ([], ['gzip']),
                ([], ['identity']),
                ([], ['gzip, chunked']), ([], ['chunked, chunked'])):
            self.assertIsNotNone(head.framing_problem(lengths, encodings),
                                 (lengths, encodings))
