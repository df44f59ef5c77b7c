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


def bounded_requests(make: Callable[..., typing.Any]
                     ) -> Callable[..., typing.Any]:
    """:param make: gives a `requests.Session`
    :returns: gives one whose requests end
    """
    @functools.wraps(make)
    def made(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        found = make(*args, **kwargs)
        found.request = functools.partial(
            found.request, timeout=CONF.store_silence_timeout)
        return found
    return made


def bounded_connection(make: Callable[..., typing.Any]
                       ) -> Callable[..., typing.Any]:
    """:param make: gives a `swiftclient.Connection`
    :returns: gives one whose requests end
    """
    @functools.wraps(make)
    def made(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        found = make(*args, **kwargs)
        found.timeout = CONF.store_silence_timeout
        return found
    return made
