"""JSON schemas compiled once, and messages that name the place and reason."""

import jsonschema

from glance.common import exceptions

_LONGEST = 300


class Validator:
    """:param schema: JSON schema, draft 4"""

    def __init__(self, schema):
        self.schema = schema
        self._validator = jsonschema.Draft4Validator(schema)

    def check(self, value, what, at=()):
        """:param what: how to call the value in the message
        :param at: the steps that lead to this value in it
        :raises BadRequest: with the first error found
        """
        error = next(self._validator.iter_errors(value), None)
        if error is None:
            return
        place = '.'.join(str(step)[:64]
                         for step in (*at, *error.absolute_path))
        # The text of the library repeats the value, which may be long.
        reason = error.message
        if len(reason) > _LONGEST:
            reason = reason[:_LONGEST // 2] + '...' + reason[-_LONGEST // 2:]
        raise exceptions.BadRequest('The %s is not valid%s: %s' % (
            what, ' at %s' % place if place else '', reason))
