"""The schemas that the description of the API refers to.

They are the ones that requests are checked by and that are served below
/v2/schemas, in the dialect of OpenAPI; what has no such schema is described
here.
"""

from glance.api.schemas import image
from glance.api.schemas import imports
from glance.api.schemas import member
from glance.api.schemas import metadef
from glance.api.schemas import task
from glance.objects import usage

_TEXT = {'type': 'string'}
_NUMBER = {'type': 'integer'}
_DEFINITIONS = '#/definitions/'
_SCHEMAS = '#/components/schemas/'


def schemas():
    """:returns: {name: schema}, as the options of this deployment say"""
    found = {**_images(), **_tasks(), **_discovery(), **_PATCHES}
    for name, document in _documents().items():
        found[name] = document
    converted = {}
    for name, schema in found.items():
        for inner, definition in schema.get('definitions', {}).items():
            converted['%s.%s' % (name, inner)] = _convert(definition, name)
        converted[name] = _convert({
            key: value for key, value in schema.items()
            if key != 'definitions'}, name)
    return converted


def _convert(value, owner):
    """From draft 4 with its definitions to the dialect of OpenAPI.

    :param owner: name of the schema that this is a part of
    """
    if isinstance(value, list):
        return [_convert(item, owner) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _convert(item, owner) for key, item in value.items()}
    reference = result.get('$ref', '')
    if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
        result['$ref'] = '%s%s.%s' % (
            _SCHEMAS, owner, reference.removeprefix(_DEFINITIONS))
    pattern = result.get('pattern')
    if isinstance(pattern, str):
        # Only Python needs another end of the text.
        result['pattern'] = pattern.replace(r'\Z', '$')
    return result


def _array(items):
    return {'type': 'array', 'items': items}


def _object(required=(), **properties):
    return {'type': 'object', 'properties': properties,
            'required': list(required)}


def _answer(document):
    """What is served may be relied on to be an object."""
    return dict(document, type='object')


def _images():
    return {
        'Image': _answer(image.image()),
        'Images': _answer(image.images()),
        'NewImage': image.writable().schema,
        'Member': _answer(member.member()),
        'Members': _answer(member.members()),
        'NewMember': member.CREATE.schema,
        'MemberStatus': member.UPDATE.schema,
        'Import': imports.BODY.schema,
        'Locations': _array(image.location()),
        'NewLocation': _object(
            ['url'], url={'type': 'string', 'minLength': 1},
            validation_data=_object(
                os_hash_algo=_TEXT, os_hash_value=_TEXT, checksum=_TEXT))}


def _tasks():
    return {
        'Task': _answer(task.task()),
        'Tasks': _answer(task.tasks()),
        'NewTask': task.NEW.schema,
        'TasksOfImage': _object(['tasks'], tasks=_array({'type': 'object'}))}


def _documents():
    names = {'Namespace': 'namespace', 'Namespaces': 'namespaces',
             'MetadefObject': 'object', 'MetadefObjects': 'objects',
             'Property': 'property', 'Properties': 'properties',
             'Association': 'resource_type',
             'Associations': 'resource_types', 'MetadefTag': 'tag',
             'MetadefTags': 'tags'}
    documents = metadef.documents()
    found = {ours: _answer(documents[name]) for ours, name in names.items()}
    found['NewMetadefTags'] = dict(found['MetadefTags'], required=['tags'])
    return found


def _discovery():
    cached = _object(image_id=_TEXT, hits=_NUMBER, size=_NUMBER,
                     last_accessed={'type': 'number'},
                     last_modified={'type': 'number'})
    return {
        'Object': {'type': 'object'},
        'Error': _object(['message', 'code', 'title'], message=_TEXT,
                         code=_TEXT, title=_TEXT),
        'Stores': _object(['stores'], stores=_array(_object(['id'],
                                                            id=_TEXT))),
        'Uses': _object(
            ['uses', 'use_count', 'others_count', 'first'],
            uses=_array(_USE), use_count=_NUMBER, others_count=_NUMBER,
            first=_TEXT, next=_TEXT),
        'Usage': _object(['usage'], usage={
            'type': 'object', 'additionalProperties': _object(
                ['limit', 'usage'], limit=_NUMBER, usage=_NUMBER)}),
        'ResourceTypes': _object(
            ['resource_types'], resource_types=_array(_object(
                ['name'], name=_TEXT))),
        'Cache': _object(['cached_images', 'queued_images'],
                         cached_images=_array(cached),
                         queued_images=_array(_TEXT)),
        'Pruned': _object(total_files_pruned=_NUMBER,
                          total_bytes_pruned=_NUMBER),
        'Nodes': _array(_TEXT)}


_NULLABLE = {'type': ['string', 'null']}
_USE = _object(
    ['kind', 'id', 'project_id', 'since', 'until', 'last_seen'],
    kind={'enum': list(usage.KINDS)}, id=_TEXT, project_id=_NULLABLE,
    since=_TEXT, until=_NULLABLE, last_seen=_TEXT)
_VALUE = {'type': ['string', 'integer', 'boolean', 'array', 'null']}
_PATH = {'type': 'string', 'pattern': '^/'}
_PATCHES = {
    'Patch': _array(_object(
        ['op', 'path'], op={'enum': ['add', 'replace', 'remove']}, path=_PATH,
        value=_VALUE)),
    'OldPatch': _array(_object(
        add=_PATH, replace=_PATH, remove=_PATH, value=_VALUE))}
