"""Which framing of a request is refused before the application sees it.

Two servers that disagree about where a request ends can be made to mix up
requests of different users; so what is not clearly framed is refused.
"""

import string

MAX_REQUEST_LINE = 8192
MAX_HEADERS_SIZE = 65536
MAX_HEADERS = 100
# seconds in which a server that stops still answers on connections that were
# accepted or kept; each answer then says that it is the last one
LAST_REQUEST_WITHIN = 1

_DIGITS = frozenset(string.digits)
# an exabyte less one; a longer number may mean another one to somebody else
_MOST_DIGITS = 18


def problem(lengths, encodings):
    """What is wrong with the framing headers of a request.

    :param lengths: all values of Content-Length
    :param encodings: all values of Transfer-Encoding
    :returns: a sentence, or None
    """
    if lengths and encodings:
        return 'Content-Length and Transfer-Encoding exclude each other.'
    if len(lengths) > 1 or len(encodings) > 1:
        return 'A framing header appears more than once.'
    if lengths and not (0 < len(lengths[0]) <= _MOST_DIGITS
                        and _DIGITS.issuperset(lengths[0])):
        return 'Content-Length is not a number of bytes.'
    if encodings and encodings[0].lower() != 'chunked':
        return 'Only the transfer encoding "chunked" is known.'
    return None
