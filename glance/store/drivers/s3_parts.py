"""A multipart upload to an S3 service: several parts on their way at a time.

Memory is bounded by the number of threads, however slow the service is.
"""

from collections.abc import Callable
import types
import typing

from glance.common import concurrency
from glance.store.transfer import threads

native = concurrency.native

_MOST = 10000       # parts of an upload
_STEP = 1000


def chunk_size(configured: int, size: int | None) -> int:
    """:returns: bytes of a part, so that the parts are not too many"""
    return max(configured, -(-(size or 0) // _MOST))


class Upload:
    """Complete when the block ends, given up when it raises.

    :param connect: gives a client; each thread has its own
    :param client: for the thread of the caller
    :param where: {'Bucket': .., 'Key': ..}
    """

    def __init__(self, connect: Callable[[], typing.Any], client: typing.Any,
                 where: dict[str, str]) -> None:
        self._connect, self._client, self._where = connect, client, where
        self._waiting = native.queue.Queue(1)
        self._threads: list[threads.Job] = []
        self._tags: dict[int, str] = {}
        self._error: BaseException | None = None
        self.number = 0

    def __enter__(self) -> typing.Self:
        answer = self._client.create_multipart_upload(**self._where)
        self._where = dict(self._where, UploadId=answer['UploadId'])
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, trace: types.TracebackType | None
                 ) -> None:
        try:
            for thread in self._threads:
                self._waiting.put(None)
            for thread in self._threads:
                thread.join()
            self._check()
            if error is None and self.number:
                self._complete()
                return
        except BaseException:
            self._abort()
            raise
        self._abort()

    def _complete(self) -> None:
        self._client.complete_multipart_upload(
            **self._where, MultipartUpload={'Parts': [
                {'PartNumber': number, 'ETag': tag}
                for number, tag in sorted(self._tags.items())]})

    def _abort(self) -> None:
        self._client.abort_multipart_upload(**self._where)

    def grown(self, chunk: int) -> int:
        """:returns: bytes for the next part: with an unknown size they grow
        """
        return chunk * (1 + self.number // _STEP)

    def put(self, piece: bytes, most: int) -> None:
        """Send a part, beside at most so many others."""
        self._check()
        self.number += 1
        if len(self._threads) < most:
            self._threads.append(threads.start(self._send))
        self._waiting.put((self.number, piece))

    def copy(self, origin: dict[str, str], first: int, last: int) -> None:
        """Let the service copy a range of another object."""
        self.number += 1
        answer = self._client.upload_part_copy(
            **self._where, PartNumber=self.number, CopySource=origin,
            CopySourceRange='bytes=%d-%d' % (first, last))
        self._tags[self.number] = answer['CopyPartResult']['ETag']

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _send(self) -> None:
        client = None
        while (part := self._waiting.get()) is not None:
            # Whoever fills the queue must never wait for nobody.
            if self._error is None:
                try:
                    client = client or self._connect()
                    self._put(client, *part)
                except BaseException as error:
                    self._error = error

    def _put(self, client: typing.Any, number: int, piece: bytes) -> None:
        answer = client.upload_part(**self._where, PartNumber=number,
                                    Body=piece)
        self._tags[number] = answer['ETag']
