"""Unpacks the first file of an LHA archive, in a process of its own.

The library that does it is written in C and gets what users send: it runs
with limits, and where it breaks off, nothing else does.
"""

import sys
import typing

try:
    import lhafile
    import lzhlib
except ImportError:
    lhafile = None

is_there = lhafile is not None


def only_file(archive: typing.BinaryIO) -> typing.Any:
    """What an archive holds; only the headers are read, two at most.

    :param archive: a file open for reading
    :returns: its entry, with `file_size`; None unless it is one file
    :raises ValueError: it is damaged
    """
    entries = _entries(archive)
    one = len(entries) == 1 and entries[0].compress_type != b'-lhd-'
    return entries[0] if one else None


class _Enough(Exception):
    """There is a second entry; no more of them have to be known."""


def _entries(archive: typing.BinaryIO) -> list[typing.Any]:
    found: list[typing.Any] = []

    def add(_args: object, _offset: int, _size: int,
            entry: typing.Any) -> None:
        found.append(entry)
        if len(found) > 1:
            raise _Enough()

    try:
        lhafile.LhaFile(archive, callback=add)
    except _Enough:
        pass
    except Exception as error:
        # Whatever its parser trips over.
        raise ValueError('Not an archive of LHA: %r' % error) from error
    return found


class _Part:
    """The library reads as long as there is something."""

    def __init__(self, archive: typing.BinaryIO, entry: typing.Any) -> None:
        archive.seek(entry.file_offset)
        self._archive, self._left = archive, entry.compress_size

    def read(self, size: int) -> bytes:
        data = self._archive.read(min(size, self._left))
        self._left -= len(data)
        return data


def main(source: str, target: str) -> None:
    with open(source, 'rb') as archive, open(target, 'wb') as unpacked:
        entry = _entries(archive)[0]
        session = lzhlib.LZHDecodeSession(_Part(archive, entry), unpacked,
                                          entry)
        while not session.do_next():
            pass
    if (session.output_pos, session.crc16) != (entry.file_size, entry.CRC):
        sys.exit('The archive is damaged.')


if __name__ == '__main__':
    main(*sys.argv[1:])
