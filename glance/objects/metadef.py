"""Metadata definitions: namespaces, and what is defined in them.

Times are ISO text in UTC to the second.
"""

import typing

Kind = typing.Literal['objects', 'properties', 'tags', 'resource_types']
Schema = dict[str, typing.Any]
# [column, "asc" or "desc"]
Order = list[str]


class Dated(typing.TypedDict):
    """What is there has times."""

    created_at: str
    updated_at: str


class NewObject(typing.TypedDict):
    """Properties that belong together."""

    name: str
    description: str | None
    required: list[str]             # names of properties
    properties: dict[str, Schema]


class NewProperty(typing.TypedDict):
    """A property that images may have."""

    name: str
    schema: Schema


class NewTag(typing.TypedDict):
    """A tag that images may have."""

    name: str


class Association(typing.TypedDict):
    """What a namespace has to do with a resource type."""

    name: str                       # of the resource type
    prefix: str | None              # of the names of properties
    properties_target: str | None


class NewAssociation(Association):
    """One that may make its resource type."""

    is_protected: typing.NotRequired[bool]


class Object(NewObject, Dated):
    """`NewObject` that is there."""


class Property(NewProperty, Dated):
    """`NewProperty` that is there."""


class Tag(NewTag, Dated):
    """`NewTag` that is there."""


class DatedAssociation(Association, Dated):
    """`Association` that is there."""


class ResourceType(Dated):
    """A kind of things in the cloud."""

    name: str


NewDefinition = NewObject | NewProperty | NewTag | NewAssociation
Definition = Object | Property | Tag | DatedAssociation


class Attributes(typing.TypedDict):
    """What a namespace says of itself."""

    namespace: str      # its name
    display_name: str | None
    description: str | None
    visibility: str     # public or private
    protected: bool
    owner: str


class NewNamespace(Attributes):
    """With the definitions of each kind."""

    resource_types: list[NewAssociation]
    objects: list[NewObject]
    tags: list[NewTag]
    properties: list[NewProperty]


class Namespace(Attributes, Dated):
    """With the definitions of the kinds that were asked for."""

    resource_types: typing.NotRequired[list[DatedAssociation]]
    objects: typing.NotRequired[list[Object]]
    tags: typing.NotRequired[list[Tag]]
    properties: typing.NotRequired[list[Property]]


class NamespaceQuery(typing.TypedDict):
    """A page of a list of namespaces."""

    visibility: str | None          # null for any
    resource_types: list[str]       # any of these names, if not empty
    sort: Order
    marker: str | None              # name
    limit: int
    # Of the texts of the page, unless its first namespace has more.
    max_bytes: typing.NotRequired[int]


class NamespacePage(typing.TypedDict):
    """The namespaces of a page, with their `resource_types`."""

    namespaces: list[Namespace]
    is_cut: bool    # whether there are fewer than the limit as they are large


class Query(typing.TypedDict):
    """A page of a list of objects, properties or tags."""

    sort: Order
    marker: str | None      # name
    limit: int | None


class Definitions(typing.TypedDict):
    """Definitions of one kind in a namespace."""

    namespace: Namespace    # without definitions
    items: list[Definition]


class Found(typing.TypedDict):
    """One definition in a namespace, null if there is none."""

    namespace: Namespace    # without definitions
    item: Definition | None
