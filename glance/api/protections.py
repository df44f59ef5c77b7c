"""Property protections: who may do what with which custom properties.

The file has a section for each set of properties: its name is a regular
expression for their names, its four keys say who may create, read, update and
delete them. The first section that matches decides; what none matches is
denied to everybody. A value is a list of roles, or one policy rule; `@` is
everybody and `!` nobody.
"""

import configparser
import functools
import re

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors
from glance.objects import properties
from glance import policy

OPERATIONS = ('create', 'read', 'update', 'delete')
_EVERYBODY, _NOBODY = '@', '!'


class BadFile(errors.ConfigurationError):
    """The service does not start with a file that may mean anything."""


def load():
    """:raises BadFile: the configured file is unusable"""
    path = CONF.property_protection_file
    if path:
        _read(path, CONF.property_protection_rule_format)


def is_on():
    return bool(CONF.property_protection_file)


def is_allowed(ctxt, operation, name, image):
    """:param image: image dict, as the policy sees it"""
    if not is_on():
        return True
    if operation == 'read' and name.startswith(
            properties.RESERVED_PREFIX):
        # Clients follow an import by what the service notes there.
        return True
    allowed = _allowed(CONF.property_protection_file,
                       CONF.property_protection_rule_format, name, operation)
    if _EVERYBODY in allowed or _NOBODY in allowed:
        return _EVERYBODY in allowed
    if CONF.property_protection_rule_format == 'policies':
        return all(policy.check(ctxt, rule, policy.image_target(image))
                   for rule in allowed)
    # Roles of a service token are not the caller's.
    return not allowed.isdisjoint(role.lower() for role in ctxt.roles)


def visible(ctxt, image):
    """:returns: the image with those properties that the caller may read"""
    if not is_on():
        return image
    return dict(image, properties={
        name: value for name, value in image['properties'].items()
        if is_allowed(ctxt, 'read', name, image)})


def check_create(ctxt, image):
    """:raises Forbidden: a property may not be created by the caller"""
    for name in image['properties']:
        if not is_allowed(ctxt, 'create', name, image):
            raise _forbidden('create', name)


def check_change(ctxt, image, operation, name):
    """Decide on a property of an image that there is, or is to be.

    :param operation: create, update or delete
    :raises Forbidden: the caller may read, but not change it
    :raises Conflict: for the caller there is no such property
    """
    if is_allowed(ctxt, operation, name, image):
        return
    if operation != 'create' and not is_allowed(ctxt, 'read', name, image):
        raise exceptions.Conflict('There is no property %s.' % name)
    raise _forbidden(operation, name)


def _forbidden(operation, name):
    return exceptions.Forbidden(
        'You are not allowed to %s the property %s.' % (operation, name))


@functools.lru_cache(8192)
def _allowed(path, rule_format, name, operation):
    for expression, allowed in _read(path, rule_format):
        if expression.match(name):
            return allowed[operation]
    return frozenset((_NOBODY,))


@functools.lru_cache(8)
def _read(path, rule_format):
    """:returns: ((expression, {operation: names}), ...) in their order"""
    found = CONF.find_file(path)
    parser = configparser.RawConfigParser()
    try:
        with open(found or path, encoding='utf-8') as source:
            parser.read_file(source)
        return tuple((re.compile(section),
                      _operations(section, parser, rule_format))
                     for section in parser.sections())
    except (OSError, UnicodeError, configparser.Error, re.error) as error:
        raise BadFile('The property protection file cannot be used: %s'
                      % error)


def _operations(section, parser, rule_format):
    allowed = {}
    for operation in OPERATIONS:
        text = parser.get(section, operation)
        names = frozenset(name.strip().lower() if rule_format == 'roles'
                          else name.strip() for name in text.split(',')
                          if name.strip())
        _check(section, operation, names, rule_format)
        allowed[operation] = names
    return allowed


def _check(section, operation, names, rule_format):
    problem = None
    if not names:
        problem = 'names nobody'
    elif {_EVERYBODY, _NOBODY} <= names:
        problem = 'allows everybody and nobody'
    elif rule_format == 'policies':
        if len(names) > 1:
            problem = 'names several policy rules'
        elif not names & {_EVERYBODY, _NOBODY} and not policy.is_known(
                *names):
            problem = 'names an unknown policy rule'
    if problem:
        raise BadFile('The property protection file %s: section [%s], key %s'
                      % (problem, section, operation))
