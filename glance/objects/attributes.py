"""The attributes of an image: one table, of which each room takes its lists,
and the same as types.

The columns themselves are in `glance.db.schema`, and what values an attribute
may have is in `glance.api.schemas.image`.
"""

import typing

from glance.objects import location

# Who sets an attribute: users in their requests, users by operations on
# locations, the service alone, or nobody, for the name means something else.
USERS, OPERATIONS, SERVICE, NOBODY = 'users', 'operations', 'service', 'nobody'
# How lists are filtered by an attribute.
TEXT, LIST, NUMBER, DATE, FLAG = 'text', 'list', 'number', 'date', 'flag'


class Attribute(typing.NamedTuple):
    """:ivar set_by: who sets it
    :ivar filter: how lists are filtered by it; None where they are not, or
        not as by others (visibility, os_hidden)
    :ivar is_sortable: whether lists are ordered by it
    :ivar is_stored: whether it is a column
    :ivar is_shown: whether clients see it as it is stored
    :ivar is_sent: whether events have it
    :ivar default: of a new image for which a user says nothing
    """

    name: str
    set_by: str
    filter: str | None = None
    is_sortable: bool = False
    is_stored: bool = True
    is_shown: bool = True
    is_sent: bool = True
    default: object = None


def _made(name: str, set_by: str = SERVICE) -> Attribute:
    """What is made of other things when it is shown."""
    return Attribute(name, set_by, is_stored=False, is_shown=False,
                     is_sent=False)


# In the order in which clients see them.
TABLE = (
    Attribute('id', USERS, LIST, is_sortable=True),
    Attribute('name', USERS, LIST, is_sortable=True),
    Attribute('status', SERVICE, LIST, is_sortable=True),
    Attribute('visibility', USERS, default='shared'),
    Attribute('owner', USERS, TEXT),
    Attribute('size', SERVICE, NUMBER, is_sortable=True),
    Attribute('virtual_size', SERVICE, NUMBER),
    Attribute('checksum', SERVICE, TEXT),
    Attribute('os_hash_algo', SERVICE, TEXT, is_sent=False),
    Attribute('os_hash_value', SERVICE, TEXT, is_sent=False),
    Attribute('disk_format', USERS, LIST, is_sortable=True),
    Attribute('container_format', USERS, LIST, is_sortable=True),
    Attribute('min_disk', USERS, NUMBER, default=0),
    Attribute('min_ram', USERS, NUMBER, default=0),
    Attribute('protected', USERS, FLAG, default=False),
    Attribute('os_hidden', USERS, is_sent=False, default=False),
    Attribute('created_at', SERVICE, DATE, is_sortable=True),
    Attribute('updated_at', SERVICE, DATE, is_sortable=True),
    Attribute('deleted', NOBODY, is_shown=False),
    Attribute('deleted_at', NOBODY, is_shown=False),
    # Of a table of their own, and there only with [usage] enabled.
    Attribute('os_usage_count', SERVICE, NUMBER, is_sortable=True,
              is_stored=False, is_shown=False, is_sent=False),
    Attribute('os_last_used_at', SERVICE, DATE, is_sortable=True,
              is_stored=False, is_shown=False, is_sent=False),
    # Rows of a table of their own.
    Attribute('tags', USERS, is_stored=False),
    _made('locations', OPERATIONS),
    _made('direct_url'),
    _made('stores'),
    _made('self'),
    _made('file'),
    _made('schema'),
    _made('location', NOBODY),
)

NAMES = frozenset(one.name for one in TABLE)
COLUMNS = tuple(one.name for one in TABLE if one.is_stored)
SHOWN = tuple(one.name for one in TABLE if one.is_shown)
SENT = tuple(one.name for one in TABLE if one.is_sent)
USAGE = ('os_usage_count', 'os_last_used_at')
SORTABLE = tuple(sorted(one.name for one in TABLE if one.is_sortable))


def set_by(who: str) -> frozenset[str]:
    """The names of those that somebody sets."""
    return frozenset(one.name for one in TABLE if one.set_by == who)


def filtered_as(kind: str) -> frozenset[str]:
    """The names of those by which lists are filtered in this way."""
    return frozenset(one.name for one in TABLE if one.filter == kind)


class New(typing.TypedDict):
    """What users say of a new image, beside its id, tags and properties."""

    name: str | None
    visibility: str     # public, community, shared or private
    owner: str | None   # id of the project
    disk_format: str | None
    container_format: str | None
    min_disk: int
    min_ram: int
    protected: bool
    os_hidden: bool


class Stored(New, location.AllFacts):
    """The columns of an image."""

    id: str
    status: str     # see `glance.objects.states`
    created_at: str
    updated_at: str | None
    deleted: bool
    deleted_at: str | None


class Changed(typing.TypedDict, total=False):
    """Columns that are to be written; the others stay."""

    name: str | None
    visibility: str
    owner: str | None
    size: int | None
    virtual_size: int | None
    checksum: str | None
    os_hash_algo: str | None
    os_hash_value: str | None
    disk_format: str | None
    container_format: str | None
    min_disk: int
    min_ram: int
    protected: bool
    os_hidden: bool
