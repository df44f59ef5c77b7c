"""Text the database can hold: no NUL, no lone surrogates, three bytes UTF-8.

The utf8 columns of upstream's databases on MySQL and MariaDB hold characters
of at most three bytes. All engines behave alike here.
"""

import re

from glance.common import exceptions

_UNFIT = re.compile('[\x00\ud800-\udfff\U00010000-\U0010ffff]')


def check(value, what):
    """Refuse a JSON value when a text in it cannot be stored.

    :param what: how to call the value in the message
    :raises BadRequest:
    """
    # A loop, not a recursion: the depth is the client's choice.
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if not is_storable(item):
                raise exceptions.BadRequest(
                    '%s holds a character that cannot be stored: NUL, a lone '
                    'surrogate, or one of more than three bytes in UTF-8.'
                    % what)
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def is_storable(text):
    # Nearly all text is ASCII; the expression is for the rest.
    if text.isascii():
        return '\x00' not in text
    return not _UNFIT.search(text)
