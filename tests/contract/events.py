"""Events as the contract describes them."""

import re

from tests.contract import contract

_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
_UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
_FITS = {
    'string': lambda value: isinstance(value, str),
    'store': lambda value: isinstance(value, str),
    'list of string': lambda value: _all_text(value, list),
    'list of store ids': lambda value: _all_text(value, list),
    'list of objects': lambda value: isinstance(value, list) and all(
        isinstance(one, dict) and isinstance(one['name'], str)
        for one in value),
    'map string to string': lambda value: (
        _all_text(value, dict) and _all_text(list(value.values()), list)),
    'boolean': lambda value: isinstance(value, bool),
    'integer': lambda value: type(value) is int,
    'null': lambda value: value is None,
    'any': lambda value: True,
    'always null': lambda value: value is None,
    'list': lambda value: isinstance(value, list),
    'map': lambda value: isinstance(value, dict),
    'timestamp': lambda value: bool(_TIME.fullmatch(value or '')),
    'uuid': lambda value: bool(_UUID.fullmatch(value or '')),
}


def rows():
    """:returns: {row: {"keys": {key: type}, "is", "when"}}

    `is` holds values that an event always has.
    """
    document = contract.load('notifications')
    found = {}
    for name, event in document['events'].items():
        found[name] = _row(document, event, event.get('extra', {}))
        if 'error' in event:
            found[name + ' ERROR'] = _row(document, event['error'], {})
    hit = document['payloads']['image_send']['cache_hit_adds']
    found['image.send of the cache'] = {
        'keys': dict(found['image.send']['keys'], **hit), 'is': {}}
    return found


def ours():
    """:returns: as `rows`, of events beside the contract"""
    image = rows()['image.update']['keys']
    uses = dict(image, os_usage_count='integer', os_last_used_at='timestamp')
    return {'image.status': {'keys': dict(
        image, old_status='string|null', new_status='string'), 'is': {}},
        'image.used': {'keys': uses, 'is': {}},
        'image.unused': {'keys': uses, 'is': {'os_usage_count': 0}}}


def _row(document, event, extra):
    if event['payload'] not in document['payloads']:
        # A plain text.
        return {'keys': None, 'is': {}}
    keys = document['payloads'][event['payload']]
    keys = keys.get('store_download', keys)
    always = {key: value for key, value in event.get('overrides', {}).items()
              if isinstance(value, bool)}
    return {'keys': dict(keys, **extra), 'is': always}


def name(event_type, priority, payload):
    """:returns: the row that an event belongs to"""
    if 'destination_ip' in payload:
        return event_type + ' of the cache'
    return event_type + ('' if priority == 'INFO' else ' ' + priority)


def differences(row, payload):
    """:returns: keys that are not as the contract says"""
    keys = row['keys']
    if keys is None:
        return [] if isinstance(payload, str) else ['text']
    found = set(keys) ^ set(payload)
    found.update(key for key, kind in keys.items()
                 if key in payload and not _fits(payload[key], kind))
    found.update(key for key, value in row['is'].items()
                 if payload.get(key) != value)
    return found


def _fits(value, text):
    """:param text: such as `timestamp string YYYY-..|null`"""
    return any(_FITS[_kind(one)](value) for one in text.split('|'))


def _kind(text):
    text = text.strip()
    known = [kind for kind in _FITS if re.match(kind + r'\b', text)]
    return max(known, key=len)


def _all_text(value, kind):
    return isinstance(value, kind) and all(isinstance(one, str)
                                           for one in value)
