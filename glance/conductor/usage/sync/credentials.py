"""With whose name nova and cinder are asked, and whether they can be."""

import importlib.util

from keystoneauth1 import loading
from keystoneauth1 import session as sessions

from glance.conf import CONF

_LIBRARY = 'openstack'


def problem() -> str | None:
    """:returns: why nova and cinder cannot be asked; None if they can be"""
    if not are_given():
        return 'there are no credentials: set [usage] auth_type'
    if importlib.util.find_spec(_LIBRARY) is None:
        return 'openstacksdk is not installed (pip install glance[usage])'
    return None


def are_given() -> bool:
    """Whether somebody has configured credentials."""
    options = CONF['usage']
    return bool(options.auth_type or options.auth_section)


def session() -> sessions.Session:
    """A session that follows no redirect: URLs come from the catalogue.

    :raises ClientException: of keystoneauth; an option is missing or wrong
    """
    auth = loading.load_auth_from_conf_options(CONF, 'usage')
    options = CONF['usage']
    found: sessions.Session = loading.load_session_from_conf_options(
        CONF, 'usage', auth=auth, redirect=False,
        timeout=options.timeout or options.sync_timeout)
    return found
