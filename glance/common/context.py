"""Who asks: the request context of every room, and its form on the bus."""

import dataclasses
import typing
import uuid

from oslo_context import context
import oslo_messaging


def _request_id() -> str:
    return 'req-' + str(uuid.uuid4())


class RequestContext(context.RequestContext):
    """A caller as keystonemiddleware or the standalone filters describe it.

    :param service_roles: roles of the service token, if any
    :param service_catalog: catalogue of the token, for multi-tenant stores
    :param read_only: an anonymous caller, who may only read
    """

    def __init__(self,
                 service_catalog: list[dict[str, typing.Any]] | None = None,
                 read_only: bool = False, **kwargs: typing.Any) -> None:
        super().__init__(**kwargs)
        self.service_catalog = service_catalog or []
        self.read_only = read_only

    def to_bus(self) -> dict[str, typing.Any]:
        """What a registry or a conductor needs to know, as JSON-able dict."""
        return {'user_id': self.user_id, 'project_id': self.project_id,
                'roles': list(self.roles or ()), 'is_admin': self.is_admin,
                'request_id': self.request_id}


@dataclasses.dataclass
class BusContext:
    """A caller as seen behind the bus (see `RequestContext.to_bus`).

    :param call_id: set on a write that may be sent again after a lost reply;
                    the registry acts once for each call_id
    :param sent_ms: when this write was sent, milliseconds since the epoch
    :param valid_ms: for how long it may take effect: its caller waits no
                     longer
    :param trace_info: see `glance.common.tracing`
    """

    user_id: str | None = None
    project_id: str | None = None
    roles: list[str] = dataclasses.field(default_factory=list)
    is_admin: bool = False
    request_id: str = dataclasses.field(default_factory=_request_id)
    call_id: str | None = None
    sent_ms: int | None = None
    valid_ms: int | None = None
    trace_info: dict[str, typing.Any] | None = None

    def to_bus(self) -> dict[str, typing.Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_bus(cls, values: dict[str, typing.Any] | None) -> typing.Self:
        """Unknown keys of a newer caller are ignored."""
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{k: v for k, v in (values or {}).items() if k in known})


# Whoever calls: a room that knows requests, or one behind the bus.
Caller = RequestContext | BusContext


class Serializer(oslo_messaging.NoOpSerializer):
    """Contexts as dicts on the bus, `BusContext` behind it."""

    def serialize_context(self, ctxt: Caller) -> dict[str, typing.Any]:
        return ctxt.to_bus()

    def deserialize_context(self, ctxt: dict[str, typing.Any]) -> BusContext:
        return BusContext.from_bus(ctxt)


def log_as(ctxt: Caller) -> None:
    """Name this caller in the log lines of this thread."""
    context.RequestContext(request_id=ctxt.request_id, user_id=ctxt.user_id,
                           project_id=ctxt.project_id)


def internal(request_id: str | None = None) -> BusContext:
    """The service itself, acting for no user (recovery, periodic work).

    :param request_id: that has caused it; a new one when not said
    """
    return BusContext(is_admin=True, request_id=request_id or _request_id())
