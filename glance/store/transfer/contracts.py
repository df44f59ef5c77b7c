"""What a transfer asks of those that give, see and judge its bytes."""

from collections.abc import Callable
import typing


class File(typing.Protocol):
    """What can be read like a file."""

    def read(self, size: int, /) -> bytes | memoryview:
        """:returns: up to so many bytes; empty at the end"""


class Digest(typing.Protocol):
    """A hash, as those of hashlib."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take the next bytes."""


class Body(typing.Protocol):
    """Bytes that come from somewhere, once."""

    def readinto(self, view: memoryview, /) -> int:
        """:returns: how many bytes came, at least one; 0 at the end
        :raises UploadBroken: it ends early or is badly framed
        """


class MovableBody(Body, typing.Protocol):
    """A body that the native thread of a transfer may read."""

    def go_native(self, check: Callable[[], object], /) -> bool:
        """From now on native threads read.

        :param check: called now and then while waiting; raises to stop
        :returns: whether they can
        """


class Check(typing.Protocol):
    """Sees all the bytes, and may refuse them by raising."""

    def feed(self, view: memoryview, /) -> None:
        """The next bytes; they change after the call."""

    def finish(self) -> None:
        """The bytes have ended."""


class Inspector(Check, typing.Protocol):
    """A check that knows the format of the data."""

    @property
    def virtual_size(self) -> int | None:
        """Bytes a guest sees, once all has been seen."""


# Called now and then; the error with which to stop, None to go on.
Cancelled = Callable[[], Exception | None]
