"""Find the handler of a path and a verb in the table of routes."""

import re

from glance.common import exceptions

_KNOWN_VERBS = ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH')
_PARAMETER = re.compile(r'^\{(\w+)\}$')


class _Node:
    """One path segment: its fixed children, its parameter, its verbs."""

    __slots__ = ('fixed', 'parameter', 'name', 'verbs', 'pattern')

    def __init__(self):
        self.pattern = None
        self.fixed = {}
        self.parameter = None
        self.name = None
        self.verbs = {}


class Router:
    """:param routes: {path pattern: {verb: handler}}

    A pattern is fixed segments and `{name}` parameters; a leading `/v2` is
    left out of the search, since the application is mounted there.
    """

    def __init__(self, routes):
        self._root = _Node()
        for pattern, verbs in routes.items():
            self._add(pattern.removeprefix('/v2'), verbs)

    def _add(self, pattern, verbs):
        node = self._root
        for segment in pattern.strip('/').split('/'):
            parameter = _PARAMETER.match(segment)
            if parameter:
                node = self._add_parameter(node, parameter.group(1))
            else:
                node = node.fixed.setdefault(segment, _Node())
        node.verbs.update(verbs)
        node.pattern = pattern

    @staticmethod
    def _add_parameter(node, name):
        if node.parameter is None:
            node.parameter = _Node()
            node.parameter.name = name
        if node.parameter.name != name:
            raise ValueError('Two names for one path parameter: %s, %s'
                             % (node.parameter.name, name))
        return node.parameter

    def match(self, path, verb):
        """Find who serves a path.

        :param path: decoded, below the mount point
        :returns: (handler, {parameter: value}, pattern)
        :raises NotFound, MethodNotAllowed, MethodUnknown:
        """
        args = {}
        node = self._root
        for segment in path[1:].split('/'):
            child = node.fixed.get(segment)
            if child is None:
                child = node.parameter
                if child is None or not segment:
                    raise _no_route(verb)
                args[child.name] = segment
            node = child
        handler = node.verbs.get(verb)
        if handler is None:
            raise _no_verb(node, verb)
        return handler, args, node.pattern


def _no_route(verb):
    if verb not in _KNOWN_VERBS:
        return exceptions.MethodUnknown()
    return exceptions.NotFound()


def _no_verb(node, verb):
    if not node.verbs:
        return _no_route(verb)
    return exceptions.MethodNotAllowed(allowed=node.verbs)
