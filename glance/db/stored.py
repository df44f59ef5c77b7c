"""JSON texts as rows hold them: what is broken must not hide the other rows.

Former releases, imports of tables and people with a database shell have left
texts behind that are empty, cut off, or of another type.
"""

import functools
import json
import logging
import typing

LOG = logging.getLogger(__name__)

_Kind = typing.TypeVar('_Kind')


def loaded(text: str | None, kind: type[_Kind], column: str,
           row_id: object) -> _Kind:
    """A value of a wanted type, which is empty where the text has none.

    :param kind: dict, list, ...
    :param column: where the text is, for the log
    """
    if text is None:
        return kind()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, kind):
        return value
    if value is not None or text != 'null':
        _warn(column, row_id)
    return kind()


def any_loaded(text: str | None, column: str, row_id: object) -> typing.Any:
    """:returns: the value, whatever its type; None where there is none"""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        _warn(column, row_id)
        return None


@functools.lru_cache(maxsize=1000)
def _warn(column: str, row_id: object) -> None:
    """Once, not with each page that has the row."""
    LOG.warning('The %s of row %s is not valid and counts as empty.', column,
                row_id)
