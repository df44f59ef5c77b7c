"""Digests that came with data: is it the data that was sent?"""

import hashlib

from glance.common import exceptions

# As clients name them, in lower case.
ALGORITHMS = {'md5': 'md5', 'sha': 'sha1', 'sha-1': 'sha1',
              'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512',
              'id-sha-256': 'sha256', 'id-sha-512': 'sha512'}


def size(algorithm):
    """:returns: bytes of a digest, None when we cannot make it"""
    name = ALGORITHMS.get(algorithm)
    return name and hashlib.new(name, usedforsecurity=False).digest_size


class Check:
    """A check of `glance.store.transfer.upload.receive`.

    :param expected: [(field, algorithm, digest)], the first for messages
    :param later: gives more of them when the data has ended
    :param is_announced: whether it will, so that all digests are made
    """

    def __init__(self, expected, later=list, is_announced=False):
        self._expected, self._later = expected, later
        wanted = ALGORITHMS if is_announced else {
            one for _field, one, _digest in expected}
        self._hashes = {name: hashlib.new(name, usedforsecurity=False)
                        for name in {ALGORITHMS[one] for one in wanted}}

    def feed(self, view):
        for one in self._hashes.values():
            one.update(view)

    def finish(self):
        """:raises UploadBroken: the data is other data, or nobody can say"""
        for field, algorithm, digest in [*self._expected, *self._later()]:
            made = self._hashes.get(ALGORITHMS[algorithm])
            if made is None:
                raise exceptions.UploadBroken(
                    '%s comes after the data and was not announced by the '
                    'header Trailer.' % field)
            if made.digest() != digest:
                raise exceptions.UploadBroken(
                    'The data is not what was sent: its %s digest is not the '
                    'one in %s.' % (algorithm, field))
