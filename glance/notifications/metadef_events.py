"""The events of metadata definitions and their payloads."""

from collections.abc import Callable
import typing

from glance.notifications import events
from glance.objects import metadef

_NAMESPACE_KEYS: typing.Final = (
    'namespace', 'display_name', 'description', 'visibility', 'protected',
    'owner', 'created_at', 'updated_at')
# What readers know of the definition of a property.
_SCHEMA_KEYS = ('additionalItems', 'confidential', 'default', 'description',
                'enum', 'items', 'maxItems', 'maxLength', 'maximum',
                'minItems', 'minLength', 'minimum', 'pattern', 'title',
                'type', 'uniqueItems')


def _schema(name: str, schema: metadef.Schema) -> events.Payload:
    return dict({key: schema.get(key) for key in _SCHEMA_KEYS}, name=name)


def _times(item: metadef.Dated) -> events.Payload:
    return {'created_at': item['created_at'],
            'updated_at': item['updated_at']}


def _object(item: metadef.Object) -> events.Payload:
    return dict(_times(item), name=item['name'],
                description=item['description'], required=item['required'],
                properties=[_schema(name, schema) for name, schema
                            in item['properties'].items()])


def _property(item: metadef.Property) -> events.Payload:
    return _schema(item['name'], item['schema'])


def _resource_type(item: metadef.DatedAssociation) -> events.Payload:
    return dict(_times(item), name=item['name'], prefix=item['prefix'],
                properties_target=item['properties_target'])


def _tag(item: metadef.Tag) -> events.Payload:
    return dict(_times(item), name=item['name'])


_KINDS: dict[str, tuple[str, Callable[[typing.Any], events.Payload]]] = {
    'objects': ('metadef_object', _object),
    'properties': ('metadef_property', _property),
    'resource_types': ('metadef_resource_type', _resource_type),
    'tags': ('metadef_tag', _tag)}


def of_namespace(action: str, namespace: metadef.Namespace, **more: object
                 ) -> events.Event:
    """An event about a namespace.

    :param action: create, update, delete, or delete_ and a kind
    :param more: payload keys that say something else than the namespace
    """
    payload: events.Payload = {key: namespace[key] for key in _NAMESPACE_KEYS}
    payload.update(namespace_old=namespace['namespace'], deleted=False,
                   deleted_at=None)
    return events.Event('metadef_namespace.' + action, 'INFO',
                        dict(payload, **more))


def of_definition(kind: str, action: str, namespace: str,
                  item: metadef.Definition, **more: object) -> events.Event:
    """An event about something in a namespace.

    :param kind: objects, properties, resource_types or tags
    :param namespace: its name
    :param item: definition as `glance.db.metadefs.definitions` returns it
    :param more: see `of_namespace`
    """
    prefix, payload_of = _KINDS[kind]
    payload = dict(payload_of(item), namespace=namespace,
                   name_old=item['name'], deleted=False, deleted_at=None)
    return events.Event('%s.%s' % (prefix, action), 'INFO',
                        dict(payload, **more))
