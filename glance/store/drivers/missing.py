"""A store whose library or program is not installed.

It is there, so that its images are unavailable and not lost, and that others
are served. Programs have to be started anew when it is installed.
"""

import typing

from glance.common import exceptions
from glance.store import driver

# Of the URLs of each kind, where they are not called like it.
_SCHEMES = {'s3': ('s3', 's3+http', 's3+https'),
            'swift': ('swift', 'swift+http', 'swift+https', 'swift+config'),
            'vmware': ('vsphere',)}


class Driver(driver.Driver):
    """:param store_type: its kind
    :param problem: what it lacks, for administrators
    """

    def __init__(self, store_id: str, store_type: str, problem: str,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        self.type, self.problem = store_type, problem
        self.schemes = _SCHEMES.get(store_type, (store_type,))

    def _refuse(self, *args: typing.Any, **kwargs: typing.Any
                ) -> typing.NoReturn:
        raise exceptions.StoreUnavailable()

    write = open = size = delete = find_place = check = _refuse
    discard = drop = set_readers = check_unused = _refuse
