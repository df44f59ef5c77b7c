"""What the clients of all resources have in common."""

from collections.abc import Callable
import inspect
import typing

from glance.common import context
from glance.rpc import client
# Endpoints that got an argument before this version kept theirs, so messages
# with such an argument name the version of the method.
_NAMED_FROM = (1, 7)

_Method = typing.TypeVar('_Method', bound=Callable[..., typing.Any])


class _Newer(typing.NamedTuple):
    """An argument that is newer than its method; `named` is the version of
    messages that have it.
    """

    name: str
    default: object
    version: str
    named: str
    is_needed: bool


def since(version: str, *names: str,
          is_needed: bool = True) -> Callable[[_Method], _Method]:
    """Say which arguments of a method are newer than the method.

    Each needs a default, which is what registries without the argument do; it
    is never sent. What is sent otherwise must not be above [upgrade_levels].

    :param version: the first one that has the arguments
    :param is_needed: whether a call would mean something else without them:
        it is refused then. If not, they are left out
    """
    named = version if _pair(version) >= _NAMED_FROM else '1.0'

    def declare(method: _Method) -> _Method:
        parameters = inspect.signature(method).parameters
        newer = tuple(
            _Newer(name, parameters[name].default, version, named, is_needed)
            for name in names)
        setattr(method, 'newer', getattr(method, 'newer', ()) + newer)
        return method
    return declare


def _pair(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split('.')))


class Resource:
    """The methods of one namespace, over the guarded client.

    `version` is that of a method which names none: the first that had the
    resource.
    """

    namespace: str
    version = '1.0'

    def __init__(self, rpc: client.Client) -> None:
        self._rpc = rpc
        # {method: [(argument, whether it may be sent)]}, found out once
        self._newer = {
            name: [(newer, rpc.can_send(newer.version))
                   for newer in method.newer]
            for name, method in vars(type(self)).items()
            if hasattr(method, 'newer')}

    def _call(self, ctxt: context.Caller, method: str,
              version: str | None = None,
              **arguments: typing.Any) -> typing.Any:
        return self._rpc.call(ctxt, self.namespace, method,
                              **self._sent(method, version, arguments))

    def _write(self, ctxt: context.Caller, method: str,
               version: str | None = None,
               **arguments: typing.Any) -> typing.Any:
        return self._rpc.write(ctxt, self.namespace, method,
                               **self._sent(method, version, arguments))

    def _cast(self, ctxt: context.Caller, method: str,
              version: str | None = None, **arguments: typing.Any) -> None:
        self._rpc.cast(ctxt, self.namespace, method,
                       **self._sent(method, version, arguments))

    def _sent(self, method: str, version: str | None,
              arguments: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """:returns: the arguments that are sent, and the version to name

        :raises RegistryUnavailable: one that is needed must not be sent
        """
        version = version or self.version
        for newer, is_sendable in self._newer.get(method, ()):
            if arguments[newer.name] == newer.default or not (
                    is_sendable or newer.is_needed):
                del arguments[newer.name]
            elif not is_sendable:
                self._rpc.check(newer.version)
            else:
                version = max(version, newer.named, key=_pair)
        return dict(arguments, version=version)
