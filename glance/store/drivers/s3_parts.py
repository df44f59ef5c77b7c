"""A multipart upload to an S3 service."""

import types
import typing

_MOST = 10000       # parts of an upload
# After so many the next ones are larger, where the size is unknown.
STEP = 1000


def chunk_size(configured: int, size: int | None) -> int:
    """:returns: bytes of a part, so that the parts are not too many"""
    return max(configured, -(-(size or 0) // _MOST))


class Upload:
    """Complete when the block ends, given up when it raises or had no parts.

    :param client: for the thread of the caller
    :param where: {'Bucket': .., 'Key': ..}
    """

    def __init__(self, client: typing.Any, where: dict[str, str]) -> None:
        self._client, self._where = client, where
        self._tags: dict[int, str] = {}

    def __enter__(self) -> typing.Self:
        answer = self._client.create_multipart_upload(**self._where)
        self._where = dict(self._where, UploadId=answer['UploadId'])
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, trace: types.TracebackType | None
                 ) -> None:
        if error is not None or not self._tags:
            self._abort()
            return
        try:
            self._complete()
        except BaseException:
            self._abort()
            raise

    def _complete(self) -> None:
        self._client.complete_multipart_upload(
            **self._where, MultipartUpload={'Parts': [
                {'PartNumber': number, 'ETag': tag}
                for number, tag in sorted(self._tags.items())]})

    def _abort(self) -> None:
        self._client.abort_multipart_upload(**self._where)

    def put(self, client: typing.Any, number: int, piece: bytearray) -> None:
        """Send a part; several threads may, each with its own client."""
        answer = client.upload_part(**self._where, PartNumber=number,
                                    Body=piece)
        self._tags[number] = answer['ETag']

    def copy(self, number: int, origin: dict[str, str], first: int, last: int
             ) -> None:
        """Let the service copy a range of another object."""
        answer = self._client.upload_part_copy(
            **self._where, PartNumber=number, CopySource=origin,
            CopySourceRange='bytes=%d-%d' % (first, last))
        self._tags[number] = answer['CopyPartResult']['ETag']
