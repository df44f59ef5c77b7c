"""Requests about metadata definitions, for each operation and each status.

A case is (verb, path of the contract, status, what it shows, request): the
request has the body, and what is not as usual of the path's parts, the query,
the headers and the caller. There are three namespaces with the same content:
`N` for all, `P`, which is protected, and `X` of another project.
"""

ROOT = '/v2/metadefs/namespaces'
ONE = ROOT + '/{namespace}'
CONTENT = {
    'resource_type_associations': [{'name': 'R', 'prefix': 'hw_'}],
    'objects': [{'name': 'a'}, {'name': 'b'}],
    'properties': {'a': {'type': 'string', 'title': 'A'},
                   'b': {'type': 'string', 'title': 'B'}},
    'tags': [{'name': 'a'}, {'name': 'b'}]}
PARTS = {'namespace': 'N', 'object_name': 'a', 'property_name': 'a',
         'tag_name': 'a', 'resource_type': 'R'}
ADMIN = 'admin,member,reader'
# For whom the policy file of the test closes all but seeing a namespace.
DENIED = 'denied,reader'

OBJECT = {'name': 'c', 'description': 'd', 'required': ['x'],
          'properties': {'x': {'type': 'integer', 'title': 'X'}}}
PROPERTY = {'name': 'c', 'type': 'integer', 'title': 'C', 'minimum': 0}
# (verb, path, status of success, body, part of the path that may be unknown)
OPERATIONS = (
    ('GET', ROOT, 200, None, None),
    ('POST', ROOT, 201, dict(CONTENT, namespace='C'), None),
    ('GET', ONE, 200, None, None),
    ('PUT', ONE, 200, {'namespace': 'C'}, None),
    ('DELETE', ONE, 204, None, None),
    ('GET', ONE + '/objects', 200, None, None),
    ('POST', ONE + '/objects', 201, OBJECT, None),
    ('DELETE', ONE + '/objects', 204, None, None),
    ('GET', ONE + '/objects/{object_name}', 200, None, 'object_name'),
    ('PUT', ONE + '/objects/{object_name}', 200, OBJECT, 'object_name'),
    ('DELETE', ONE + '/objects/{object_name}', 204, None, 'object_name'),
    ('GET', ONE + '/properties', 200, None, None),
    ('POST', ONE + '/properties', 201, PROPERTY, None),
    ('DELETE', ONE + '/properties', 204, None, None),
    ('GET', ONE + '/properties/{property_name}', 200, None, 'property_name'),
    ('PUT', ONE + '/properties/{property_name}', 200, PROPERTY,
     'property_name'),
    ('DELETE', ONE + '/properties/{property_name}', 204, None,
     'property_name'),
    ('GET', ONE + '/resource_types', 200, None, None),
    ('POST', ONE + '/resource_types', 201,
     {'name': 'S', 'prefix': 'p', 'properties_target': 't'}, None),
    ('DELETE', ONE + '/resource_types/{resource_type}', 204, None,
     'resource_type'),
    ('GET', ONE + '/tags', 200, None, None),
    ('POST', ONE + '/tags', 201, {'tags': [{'name': 'c'}]}, None),
    ('DELETE', ONE + '/tags', 204, None, None),
    ('GET', ONE + '/tags/{tag_name}', 200, None, 'tag_name'),
    ('POST', ONE + '/tags/{tag_name}', 201, None, None),
    ('PUT', ONE + '/tags/{tag_name}', 200, {'name': 'c'}, 'tag_name'),
    ('DELETE', ONE + '/tags/{tag_name}', 204, None, 'tag_name'),
    ('GET', '/v2/metadefs/resource_types', 200, None, None))
# Names in use, by path of the operation.
TAKEN = {('POST', ROOT): {'namespace': 'N'},
         ('PUT', ONE): {'namespace': 'P'},
         ('POST', ONE + '/objects'): {'name': 'a'},
         ('PUT', ONE + '/objects/{object_name}'): {'name': 'b'},
         ('POST', ONE + '/properties'): dict(PROPERTY, name='a'),
         ('PUT', ONE + '/properties/{property_name}'): dict(PROPERTY,
                                                            name='b'),
         ('POST', ONE + '/resource_types'): {'name': 'R'},
         ('PUT', ONE + '/tags/{tag_name}'): {'name': 'b'}}
BAD_QUERIES = {
    ROOT: ('limit=-1', 'limit=a', 'limit=', 'limit=' + '9' * 30,
           'sort_dir=up', 'sort_key=x', 'sort_key=', 'visibility=shared',
           'marker=%00', 'marker=%FF', 'resource_types=%F0%9F%98%80',
           'resource_types=' + ','.join('a' * 101)),
    ONE: ('visibility=x', 'resource_type=%00'),
    ONE + '/objects': ('limit=0', 'limit=x', 'sort_dir=x', 'sort_key=x',
                       'visibility=x'),
    ONE + '/tags': ('limit=-1', 'limit=x', 'sort_dir=x', 'sort_key=x',
                    'visibility=x')}
IGNORED_QUERIES = {
    ROOT: ('x=y', 'resource_types=R,S', 'visibility=private', 'limit=0',
           'sort_key=description&sort_dir=asc', 'sort_key=owner'),
    ONE: ('x=y', 'visibility=public', 'resource_type=R', 'resource_type=S'),
    ONE + '/objects': ('limit=1', 'marker=none', 'sort_key=name'),
    ONE + '/properties/{property_name}': ('x=y',),
    ONE + '/tags': ('x=y', 'limit=0', 'limit=1&marker=b', 'sort_key=id')}


# Their requests may have a body, which nobody looks at.
LENIENT = {('GET', ROOT), ('GET', ONE + '/objects'), ('GET', ONE + '/tags'),
           ('GET', ONE + '/properties/{property_name}'),
           ('DELETE', ONE + '/objects'), ('DELETE', ONE + '/properties'),
           ('DELETE', ONE + '/properties/{property_name}'),
           ('DELETE', ONE + '/tags')}


def _success(verb, path, status, body, part):
    new = {'tag_name': 'new'} if body is None and verb == 'POST' else {}
    yield verb, path, status, 'success', {'body': body, 'parts': new}
    for query in IGNORED_QUERIES.get(path, ()) if verb == 'GET' else ():
        yield verb, path, status, query, {'query': query}


def _bad(verb, path, status, body, part):
    if body is not None:
        for title, bad in _bad_bodies(path, body):
            yield verb, path, 400, title, {'body': bad}
    elif (verb, path) not in LENIENT:
        yield verb, path, 400, 'a body', {'body': {}}
    for query in BAD_QUERIES.get(path, ()) if verb == 'GET' else ():
        yield verb, path, 400, query[:40], {'query': query}
    if (verb, path) == ('POST', ONE + '/tags/{tag_name}'):
        for name in ('t' * 81, '%F0%9F%98%80', '%00'):
            yield verb, path, 400, name, {'parts': {'tag_name': name}}


def _bad_bodies(path, body):
    yield 'no body', None
    for title, bad in (('array', []), ('array of bodies', [body]),
                       ('text', 'x'), ('null', b'null'), ('empty', {}),
                       ('not JSON', b'{'), ('nested', b'[' * 20000)):
        yield title, bad
    key = 'namespace' if 'namespace' in body else 'name'
    if key not in body:
        for bad in (None, 'x', {}, ['x'], [{}], [{'name': ''}],
                    [{'name': 't' * 81}], [{'name': 5}], [{'name': 'a/b'}],
                    [{'name': 'x', 'y': 'z'}]):
            yield 'tags: %s' % str(bad)[:20], {'tags': bad}
        return
    yield 'unknown key', dict(body, x='y')
    deep = [[]]
    for _depth in range(60):
        deep = [deep]
    for name in ('', 'n' * 81, 5, None, {}, [], 'a/b', '.', '..', 'a\x00',
                 '\U0001f600', '\udfff', deep):
        yield 'name: %s' % ascii(name)[:20], dict(body, **{key: name})


def _definitions():
    """Definitions that no property can have."""
    for bad in (5, [], {}, {'title': 'x'}, {'type': 'string'},
                {'type': 'x', 'title': 'x'}, {'type': None, 'title': 'x'},
                {'type': 'string', 'title': 'x', 'minLength': -1},
                {'type': 'string', 'title': 'x', 'operators': [1]},
                {'type': 'string', 'title': 'x', 'default': 'x' * 70000}):
        yield bad


def _bad_values():
    for bad in _definitions():
        for path, body in (
                (ROOT, {'namespace': 'C', 'properties': {'x': bad}}),
                (ROOT, {'namespace': 'C', 'objects': [
                    {'name': 'o', 'properties': {'x': bad}}]}),
                (ONE + '/objects', {'name': 'c', 'properties': {'x': bad}}),
                (ONE + '/properties',
                 dict(bad, name='c') if isinstance(bad, dict) else bad)):
            yield 'POST', path, 400, str(bad)[:40], {'body': body}
    infinite = b'{"name": "c", "type": "number", "title": "x", "%s": 1e999}'
    yield ('POST', ONE + '/properties', 400, 'infinite',
           {'body': infinite % b'maximum'})
    for more in ({'objects': [{}]}, {'tags': [{}]}, {'tags': [{'name': ''}]},
                 {'resource_type_associations': [{}]},
                 {'resource_type_associations': [
                     {'name': 'r', 'prefix': 'p' * 81}]},
                 {'objects': [{'name': 'o' * 81}]},
                 {'properties': {'': CONTENT['properties']['a']}},
                 {'properties': {'a/b': CONTENT['properties']['a']}},
                 {'display_name': 'x' * 81}, {'description': 'x' * 501},
                 {'owner': 'x' * 256}, {'visibility': 'shared'},
                 {'protected': 'yes'}, {'display_name': None}):
        yield 'POST', ROOT, 400, str(more)[:40], {
            'body': dict(more, namespace='C')}
    for more in ({'required': ['']}, {'required': ['a,b']},
                 {'required': ['a', 'a']}, {'description': 'x' * 70000},
                 {'properties': {'': CONTENT['properties']['a']}}):
        yield 'POST', ONE + '/objects', 400, str(more)[:40], {
            'body': dict(more, name='c')}


def _forbidden(verb, path, status, body, part):
    if verb == 'GET':
        yield verb, path, 403, 'policy', {'roles': DENIED}
        return
    yield verb, path, 403, 'policy', {'body': body, 'roles': 'member,reader'}
    if body is not None:
        for name in ('created_at', 'updated_at'):
            stamped = dict(body, **{name: 'x'})
            if path.endswith('/tags'):
                stamped = {'tags': [{'name': 'c', name: 'x'}]}
            yield verb, path, 403, name, {'body': stamped}
    if verb == 'DELETE':
        yield verb, path, 403, 'protected', {'parts': {'namespace': 'P'}}


def _absent(verb, path, status, body, part):
    if '{namespace}' not in path:
        return
    for name in ('none', 'n' * 81, 'n', '%F0%9F%98%80'):
        yield verb, path, 404, 'unknown', {'parts': {'namespace': name},
                                           'body': body}
    # Nothing tells a namespace that may not be seen from one that is not.
    yield verb, path, 404, 'not visible', {
        'parts': {'namespace': 'X'}, 'body': body, 'roles': 'member,reader'}
    for name in ('none', 'n' * 81, 'A', '%F0%9F%98%80') if part else ():
        yield verb, path, 404, 'unknown part', {'parts': {part: name},
                                                'body': body}


def _others():
    yield 'GET', ROOT, 404, 'marker', {'query': 'marker=none'}
    yield 'GET', ONE + '/tags', 404, 'marker', {'query': 'marker=none'}
    one = ONE + '/properties/{property_name}'
    yield 'GET', one, 200, 'prefix', {
        'query': 'resource_type=R', 'parts': {'property_name': 'hw_a'}}
    yield 'GET', one, 404, 'prefix alone', {
        'query': 'resource_type=R', 'parts': {'property_name': 'hw_'}}
    for query in ('resource_type=R', 'resource_type=S'):
        yield 'GET', one, 404, query, {'query': query}
    yield ('POST', ONE + '/tags/{tag_name}', 409, 'in use', {})
    for tags in (['c', 'c'], ['c', 'a']):
        yield 'POST', ONE + '/tags', 409, 'in use', {
            'body': {'tags': [{'name': name} for name in tags]},
            'headers': {'X-Openstack-Append': 'true'}}


def cases():
    for operation in OPERATIONS:
        for part in (_success, _bad, _forbidden, _absent):
            yield from part(*operation)
    for (verb, path), body in TAKEN.items():
        yield verb, path, 409, 'in use', {'body': body}
    yield from _bad_values()
    yield from _others()
