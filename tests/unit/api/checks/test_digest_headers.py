"""Digests that come with data, and headers that say it is not all of it."""

import base64
import hashlib
import itertools

from hypothesis import given
from hypothesis import strategies as st
from oslotest import base
import webob.headers

from glance.api.checks import digest_headers
from glance.common import exceptions
from glance.store.checks import digests as checked

DATA = b'some data of an image'
# As they are called in the old and the new fields.
HASHES = {'md5': hashlib.md5, 'sha': hashlib.sha1, 'sha-256': hashlib.sha256,
          'sha-512': hashlib.sha512}


def encoded(data, make=hashlib.md5):
    return base64.b64encode(make(data).digest()).decode()


def written(data):
    """Gives (header, value) of each field with each algorithm."""
    yield 'Content-MD5', encoded(data)
    yield 'Content-MD5', hashlib.md5(data).hexdigest()
    for name, make in HASHES.items():
        yield 'Digest', '%s=%s' % (name, encoded(data, make))
        yield 'Digest', '%s=%s' % (name.upper(), encoded(data, make))
        yield 'Content-Digest', '%s=:%s:' % (name, encoded(data, make))
        yield 'Repr-Digest', '%s=:%s:;a=1' % (name, encoded(data, make))


def check(headers, data=DATA):
    environ_headers = webob.headers.EnvironHeaders({})
    environ_headers.update(headers)
    for one in digest_headers.checks(environ_headers):
        for start in range(0, len(data), 5):
            one.feed(memoryview(data)[start:start + 5])
        one.finish()


class TestDigests(base.BaseTestCase):

    def refused(self, headers, error=exceptions.BadRequest):
        self.assertRaises(error, check, headers)

    def test_right_digests_are_accepted(self):
        for header, value in written(DATA):
            check({header: value})

    def test_a_wrong_digest_breaks_the_upload(self):
        for header, value in written(DATA + b'x'):
            self.refused({header: value}, exceptions.UploadBroken)

    def test_one_wrong_digest_of_several_is_enough(self):
        right, wrong = dict(written(DATA)), dict(written(b''))
        check(right)
        for header in right:
            self.refused(dict(right, **{header: wrong[header]}),
                         exceptions.UploadBroken)
        value = 'sha-256=:%s:, md5=:%s:' % (
            encoded(DATA, hashlib.sha256), encoded(b''))
        self.refused({'Content-Digest': value}, exceptions.UploadBroken)

    def test_no_data(self):
        for header, value in written(b''):
            check({header: value}, b'')
        self.refused({'Digest': 'md5=' + encoded(b'x')})

    def test_unknown_algorithms_are_passed_over(self):
        for header, value in (('Digest', 'crc32c=abc, UNIXsum=30637'),
                              ('Content-Digest', 'x-new=:AAAA:'),
                              ('Repr-Digest', 'crc32c=:AAAAAA==:'),
                              ('Content-Digest', '')):
            check({header: value})
        self.refused({'Digest': 'crc32c=abc,md5=' + encoded(b'x')},
                     exceptions.UploadBroken)

    def test_after_the_data(self):
        for header, value in written(DATA):
            later = {header.lower(): value}
            one, = digest_headers.checks({'Trailer': 'x, ' + header},
                                         lambda: later)
            one.feed(memoryview(DATA))
            one.finish()
            one.feed(memoryview(b'x'))
            self.assertRaises(exceptions.UploadBroken, one.finish)
            unannounced, = digest_headers.checks({}, lambda: later)
            self.assertRaises(exceptions.UploadBroken, unannounced.finish)

    def test_malformed_digests_are_refused(self):
        good = encoded(DATA, hashlib.sha256)
        for header, value in itertools.chain(
                (('Content-MD5', value) for value in (
                    '', 'x', good, '0' * 31, 'A' * 22, '%s,%s' % (
                        encoded(DATA), encoded(DATA)))),
                (('Digest', value) for value in (
                    'md5', 'md5=', '=x', 'sha-256=' + good[:-2], ',',
                    'md5=:%s:' % encoded(DATA), 'sha-256=' + good + ',')),
                ((field, value) for field in ('Content-Digest', 'Repr-Digest')
                 for value in (
                     'sha-256=' + good, 'sha-256=:%s' % good, 'sha-256',
                     'sha-256="%s"' % good, 'SHA-256=:%s:' % good,
                     'sha-256=:%s:;' % good, 'sha-512=:%s:' % good,
                     'x-new=7', 'sha-256=:%s:,' % good, 'x=:A:'))):
            self.refused({header: value})

    def test_parts_of_the_data_are_refused(self):
        for value in ('bytes 0-9/20', 'bytes 0-20/21', 'bytes */21', ''):
            self.refused({'Content-Range': value})

    def test_only_plain_data_is_accepted(self):
        for value in ('identity', '', 'Identity, identity'):
            check({'Content-Encoding': value})
        for value in ('gzip', 'identity, br', 'x'):
            self.refused({'Content-Encoding': value},
                         exceptions.UnsupportedMediaType)

    @given(st.sampled_from(['Content-MD5', 'Digest', 'Content-Digest',
                            'Repr-Digest']), st.text(
        st.characters(max_codepoint=255), max_size=60))
    def test_any_text(self, header, value):
        try:
            digest_headers.checks({header: value})
        except exceptions.BadRequest:
            pass

    @given(st.binary(max_size=200), st.sampled_from(sorted(
        checked.ALGORITHMS)))
    def test_any_data(self, data, algorithm):
        digest = base64.b64encode(hashlib.new(
            checked.ALGORITHMS[algorithm], data).digest()).decode()
        check({'Digest': '%s=%s' % (algorithm, digest)}, data)
        self.assertRaises(exceptions.UploadBroken, check, {
            'Digest': '%s=%s' % (algorithm, digest)}, data + b'x')
