"""What an image in Ceph bears until the location of its data is recorded."""

import typing

from glance_store._drivers import rbd as theirs

MARK = 'glance.attempt'
SETTLED = 'settled'
SNAPSHOT = theirs.DEFAULT_SNAPNAME


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
