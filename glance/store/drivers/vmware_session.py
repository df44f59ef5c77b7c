"""What vCenter is asked over its interface ends.

The library sets no limit, and tries to log in for ever. What took too long is
not tried again: that would take as long, ten times by default.
"""

from collections.abc import Iterator
import contextlib
import typing

from oslo_vmware import api
from oslo_vmware import exceptions as theirs
from oslo_vmware import service
import requests

from glance.common import exceptions
from glance.store.drivers import silence


class _Transport(service.RequestsTransport):

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        super().__init__(*args, **kwargs)
        silence.limit_requests(self.session)

    def open(self, request: typing.Any) -> typing.Any:
        with _for_good():
            return super().open(request)

    def send(self, request: typing.Any) -> typing.Any:
        with _for_good():
            return super().send(request)


@contextlib.contextmanager
def _for_good() -> Iterator[None]:
    try:
        yield
    except requests.Timeout:
        raise exceptions.StoreUnavailable() from None


_log_in = api.VMwareAPISession._create_session.__wrapped__


def _log_in_once(session: api.VMwareAPISession) -> None:
    try:
        _log_in(session)
    except theirs.VimConnectionException:
        raise exceptions.StoreUnavailable() from None


def limit() -> None:
    """Let all that is asked from now on end."""
    service.RequestsTransport = _Transport
    api.VMwareAPISession._create_session = _log_in_once
