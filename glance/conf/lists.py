"""Lists and tables of options, in every form that people write them in.

    a,b    a, b    [a, b]    'a','b'    ['a', "b"]
    a:b    {a: b}    "a":"b"    'a:b'

oslo.config takes each form for some options only, and has quotes and brackets
for a part of the names otherwise, without a word.
"""

import re

from oslo_config import cfg
from oslo_config import types

_QUOTED = r'''"[^"]*"|'[^']*\''''
_ITEM = re.compile(r'\s*(%s|[^,]*?)\s*(?:,|\Z)' % _QUOTED, re.ASCII)
_PAIR = re.compile(
    r'\s*(%s|[^,:]*?)\s*(?::\s*(%s|[^,]*?)\s*)?(?:,|\Z)' % (_QUOTED, _QUOTED),
    re.ASCII)
_QUOTES = ('"', "'")


class Items(types.List):
    """A list.

    :param bounds: whether sample files show it in square brackets
    """

    def __call__(self, value):
        """:raises ValueError: a quote is not closed, or an item is wrong"""
        if isinstance(value, str):
            value = [item for item, in _split(value, _ITEM, '[]') if item]
        return super().__call__(value)


class Pairs(types.Dict):
    """A dict."""

    def __call__(self, value):
        """:raises ValueError: as `Items`, or no pair, or a name twice"""
        if not isinstance(value, str):
            return super().__call__(value)
        found = {}
        for pair in _split(value, _PAIR, '{}'):
            if not any(pair):
                continue
            name, item = _two(pair)
            if name in found:
                raise ValueError('%s is there twice' % name)
            found[name] = self.value_type(item)
        return found


def list_opt(name, item_type=None, bounds=False, **kwargs):
    """As `cfg.ListOpt`, with a value of `Items`."""
    return cfg.Opt(name, type=Items(item_type, bounds), **kwargs)


def dict_opt(name, **kwargs):
    """As `cfg.DictOpt`, with a value of `Pairs`."""
    return cfg.Opt(name, type=Pairs(), **kwargs)


def _split(text, pattern, brackets):
    """:returns: list of tuples, the groups of `pattern` without quotes"""
    text = text.strip()
    # Files lose the quotes around a whole value, which may be two items'.
    forms = [text, *(quote + text + quote for quote in _QUOTES
                     if quote in text)]
    for number, form in enumerate(forms):
        try:
            return _plain_split(_within(form, brackets), pattern)
        except ValueError:
            if number == len(forms) - 1:
                raise


def _within(text, brackets):
    opening, closing = brackets
    bare = text.rstrip(', \t\n')
    if bare.startswith(opening) != bare.endswith(closing):
        raise ValueError('One of the brackets %s is missing' % brackets)
    return bare[1:-1] if bare.startswith(opening) else text


def _plain_split(text, pattern):
    found, position = [], 0
    while position < len(text):
        match = pattern.match(text, position)
        found.append(tuple(map(_plain, match.groups())))
        position = match.end()
    return found


def _plain(text):
    """:raises ValueError: only one end of the text has a quote"""
    if not text or not (text.startswith(_QUOTES) or text.endswith(_QUOTES)):
        return text
    if not re.fullmatch(_QUOTED, text):
        raise ValueError('A quote of %s is not closed' % text)
    return text[1:-1].strip()


def _two(pair):
    name, item = pair
    if item is None:
        # 'name:value', all in quotes
        name, colon, item = (part.strip() for part in name.partition(':'))
        if not colon:
            raise ValueError('%s is no pair name:value' % name)
    return name, item
