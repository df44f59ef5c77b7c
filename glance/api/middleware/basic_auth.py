"""Users and passwords of a file, for the flavor http_basic.

The file and its checks are those of oslo.middleware's basic authentication.
bcrypt takes a tenth of a second on purpose; a password that was right is
therefore remembered, as a keyed hash, until the file changes.
"""

import hmac
import os
import secrets
import threading

from oslo_middleware import basic_auth
import webob.exc

from glance.api.middleware import context
from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF

_REMEMBERED = 1000
_CHALLENGE = 'Basic realm="Image service"'
_KEY = secrets.token_bytes(32)


class BasicAuthContextMiddleware(context.UnauthenticatedContextMiddleware):
    """Every user of the file is an administrator, of the same project.

    :param options: `project_id`
    """

    def __init__(self, app, **options):
        super().__init__(app, **options)
        self._lock = threading.Lock()
        self._stamp = None
        self._right = {}
        basic_auth.validate_auth_file(_user_file())

    def refuse(self, error, environ):
        response = super().refuse(error, environ)
        if isinstance(error, exceptions.Unauthorized):
            response.headers['WWW-Authenticate'] = _CHALLENGE
        return response

    def make_context(self, environ):
        user = self._user(environ.pop('HTTP_AUTHORIZATION', ''))
        return context.administrator(
            environ, user_id=user,
            project_id=self.options.get('project_id', 'standalone'))

    def _user(self, header):
        status = os.stat(_user_file())
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        digest = hmac.digest(_KEY, header.encode('utf-8', 'replace'),
                             'sha256')
        with self._lock:
            if stamp != self._stamp or len(self._right) > _REMEMBERED:
                self._stamp, self._right = stamp, {}
            user = self._right.get(digest)
        if user is None:
            user = _authenticate(header)
            with self._lock:
                self._right[digest] = user
        return user


def _authenticate(header):
    """:returns: the name of the user, whose password is right"""
    try:
        token = basic_auth.parse_header({'HTTP_AUTHORIZATION': header})
        name, password = basic_auth.parse_token(token)
        found = concurrency.run_blocking(basic_auth.authenticate,
                                         _user_file(), name, password)
    except webob.exc.HTTPException:
        raise exceptions.Unauthorized()
    return found['HTTP_X_USER_NAME']


def _user_file():
    return CONF.oslo_middleware.http_basic_auth_user_file
