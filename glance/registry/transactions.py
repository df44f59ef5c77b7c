"""How an endpoint method meets the database: one transaction a call."""

from collections.abc import Callable
import functools
import typing

from oslo_db import exception as db_exc

from glance.common import context
from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import calls


_Method = Callable[..., typing.Any]


def read(method: _Method,
         newest: Callable[..., bool] = lambda **kwargs: False) -> _Method:
    """The method gets a connection; it changes nothing.

    :param newest: called with the arguments; whether something is decided by
        what is read: what to remove, or what there is to do. A replica of the
        database may lag behind, and is not asked then
    """
    @functools.wraps(method)
    @engine.retry_on_conflict
    def wrapper(self: object, ctxt: context.BusContext,
                **kwargs: typing.Any) -> typing.Any:
        with engine.reader(newest(**kwargs)) as conn:
            return method(self, conn, ctxt, **kwargs)
    return wrapper


def read_newest(method: _Method) -> _Method:
    """A `read` that is decided by."""
    return read(method, newest=lambda **kwargs: True)


def write(method: _Method) -> _Method:
    """The method gets a connection; all it does takes effect, or nothing.

    A call that carries a call id takes effect once: its answer is recorded
    in the same transaction. When the caller sends it again because the reply
    was lost, whatever the method does then is rolled back by the record that
    is there already, and the first answer is given again.
    """
    @functools.wraps(method)
    @engine.retry_on_conflict
    def wrapper(self: object, ctxt: context.BusContext,
                **kwargs: typing.Any) -> typing.Any:
        try:
            with engine.writer() as conn:
                answer = method(self, conn, ctxt, **kwargs)
                if ctxt.call_id:
                    calls.record(conn, ctxt.call_id, answer, ctxt.sent_ms,
                                 ctxt.valid_ms)
                return answer
        except (exceptions.GlanceError, db_exc.DBDuplicateEntry):
            given = _given_before(ctxt.call_id)
            if given is None:
                raise
            return given[0]
    return wrapper


def _given_before(call_id: str | None) -> tuple[typing.Any] | None:
    if not call_id:
        return None
    with engine.reader(newest=True) as conn:
        return calls.find(conn, call_id)
