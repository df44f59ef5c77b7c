"""What an image in Ceph bears until the location of its data is recorded."""

from collections.abc import Iterator
import contextlib
import typing

from glance_store._drivers import rbd as theirs

DIRECTORY = 'rbd_directory'
MARK = 'glance.attempt'
SETTLED = 'settled'
SNAPSHOT = theirs.DEFAULT_SNAPNAME
# Seconds after which who was killed in the midst of a renaming is forgotten.
_NAMING = 60


def complete(image: typing.Any, attempt: str) -> None:
    """The data is whole: clones may be made of it, and it is the attempt's."""
    image.create_snap(SNAPSHOT)
    image.protect_snap(SNAPSHOT)
    image.metadata_set(MARK, attempt)


def find(image: typing.Any) -> str:
    """:returns: the attempt, `SETTLED`, or '' where there is no mark"""
    return dict(image.metadata_list()).get(MARK, '')


def remove(image: typing.Any) -> None:
    try:
        image.metadata_remove(MARK)
    except KeyError:
        pass        # Another one was quicker.


@contextlib.contextmanager
def naming(ioctx: typing.Any, image_id: str, attempt: str) -> Iterator[None]:
    """Of two that rename to one name at the same moment both succeed, and one
    image is lost.

    :raises ObjectBusy: another attempt does it
    """
    lock = 'glance.' + image_id
    ioctx.lock_exclusive(DIRECTORY, lock, attempt, duration=_NAMING)
    try:
        yield
    finally:
        ioctx.unlock(DIRECTORY, lock, attempt)
