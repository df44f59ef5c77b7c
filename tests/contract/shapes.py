"""What is inside of answers whose keys the contract tells in other words."""


def problems(operation, body):
    """:param body: decoded
    :returns: texts
    """
    check = _CHECKS.get(operation.name)
    return list(check(operation.facts, body)) if check else []


def _keys(wanted, seen, may_lack=()):
    missing = set(wanted) - set(seen) - set(may_lack)
    if missing or set(seen) - set(wanted):
        yield 'keys %s, not %s' % (sorted(seen), sorted(wanted))


def _cache(facts, body):
    wanted = facts['cached_image_keys']
    for entry in body['cached_images']:
        yield from _keys(wanted['centralized_db driver'], entry)
        if not isinstance(entry['last_accessed'], float):
            yield 'last_accessed is no float'


def _tasks(facts, body):
    if not body['tasks']:
        yield 'no task'
    for task in body['tasks']:
        yield from _keys(facts['task_keys'], task)


def _locations(facts, body):
    for location in body:
        yield from _keys(('url', 'metadata'), location)


def _array_of_texts(facts, body):
    if not (isinstance(body, list)
            and all(isinstance(one, str) for one in body)):
        yield 'no array of texts'


def _import(facts, body):
    wanted = facts['response_shape']['import-methods']
    yield from _keys(facts['response_shape'], body)
    yield from _keys(wanted, body['import-methods'])
    if body['import-methods']['type'] != wanted['type']:
        yield 'type is %s' % body['import-methods']['type']


def _stores(facts, body):
    wanted = facts['response_shape']['stores'][0]
    defaults = [store['id'] for store in body['stores']
                if store.get('default') == 'true']
    if len(defaults) != 1:
        yield 'default stores: %s' % defaults
    for store in body['stores']:
        # What we alone tell.
        shown = {key: value for key, value in store.items()
                 if key != 'reachable'}
        yield from _keys(wanted, shown, ('default', 'description',
                                         'read-only'))
        if 'properties' in store:
            yield from _keys(wanted['properties'][store['type']],
                             store['properties'])
        if store.get('read-only', 'true') != 'true':
            yield 'read-only is no text'


def _one_map(facts, body):
    yield from _keys(facts['response_shape'], body)
    if not all(isinstance(value, dict) for value in body.values()):
        yield 'no map'


_CHECKS = {
    'GET /v2/cache': _cache,
    'GET /v2/cache/nodes/{image_id}': _array_of_texts,
    'GET /v2/images/{image_id}/locations': _locations,
    'GET /v2/images/{image_id}/tasks': _tasks,
    'GET /v2/info/import': _import,
    'GET /v2/info/stores': _stores,
    'GET /v2/info/stores/detail': _stores,
    'GET /v2/info/usage': _one_map,
    'GET /v2/metadefs/namespaces/{namespace}/properties': _one_map,
}
