"""Digests that came with data: is it the data that was sent?"""

from collections.abc import Callable, Iterable
import hashlib

from glance.common import exceptions

# As clients name them, in lower case.
ALGORITHMS = {'md5': 'md5', 'sha': 'sha1', 'sha-1': 'sha1',
              'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512',
              'id-sha-256': 'sha256', 'id-sha-512': 'sha512'}

# Field of the request, algorithm as its client names it, digest.
Expected = tuple[str, str, bytes]


def size(algorithm: str) -> int | None:
    """:returns: bytes of a digest, None when we cannot make it"""
    name = ALGORITHMS.get(algorithm)
    return hashlib.new(name, usedforsecurity=False).digest_size if name else (
        None)


class Check:
    """A check of `glance.store.transfer.upload.receive`.

    :param expected: their fields are named in messages
    :param later: gives more of them when the data has ended
    :param is_announced: whether it will, so that all digests are made
    """

    def __init__(self, expected: Iterable[Expected],
                 later: Callable[[], Iterable[Expected]] = list,
                 is_announced: bool = False) -> None:
        self._expected, self._later = expected, later
        wanted = ALGORITHMS if is_announced else {
            one for _field, one, _digest in expected}
        self._hashes = {name: hashlib.new(name, usedforsecurity=False)
                        for name in {ALGORITHMS[one] for one in wanted}}

    def feed(self, view: memoryview) -> None:
        for one in self._hashes.values():
            one.update(view)

    def finish(self) -> None:
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
