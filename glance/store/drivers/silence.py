"""How long a remote store may say nothing in the middle of an operation.

The libraries of some stores wait for ever, and with them a thread of ours.
"""

from collections.abc import Callable
import functools
import typing

from keystoneauth1 import session

from glance.conf import CONF


class Session(session.Session):
    """One of keystoneauth, whose requests end."""

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        super().__init__(*args, **{
            'timeout': CONF.store_silence_timeout, **kwargs})


def bounded(make: Callable[..., typing.Any],
            limit: Callable[[typing.Any], object]
            ) -> Callable[..., typing.Any]:
    """:param make: gives something that sends requests
    :param limit: lets the requests of such a thing end
    :returns: gives the same, limited
    """
    @functools.wraps(make)
    def made(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        found = make(*args, **kwargs)
        limit(found)
        return found
    return made


def limit_requests(found: typing.Any) -> None:
    """:param found: a `requests.Session`"""
    request = found.request

    def ending(*args: typing.Any, timeout: float | None = None,
               **kwargs: typing.Any) -> typing.Any:
        return request(*args, timeout=timeout or CONF.store_silence_timeout,
                       **kwargs)
    found.request = ending


def limit_connection(found: typing.Any) -> None:
    """:param found: a `swiftclient.Connection`"""
    found.timeout = CONF.store_silence_timeout
