"""Answers against what the contract says of status, headers and keys."""

import json

from tests.contract import contract
from tests.contract import shapes


def problems(case, answer):
    """:returns: texts, none when all is well"""
    if answer.status != case.status:
        return ['%d, not %d: %s' % (answer.status, case.status, answer.text)]
    if case.status != contract.split(case.row)[1]:
        # Ours, instead of what the contract has.
        return []
    check = _of_success if case.status < 300 else _of_error
    return list(_common(answer)) + list(check(case, answer))


def _common(answer):
    if not answer.headers.get('x-openstack-request-id', '').startswith('req-'):
        yield 'no request id'


def _of_error(case, answer):
    if case.status < 400 or case.path == '/healthcheck':
        return
    body = _json(answer)
    if case.request.get('verb') != 'HEAD' and (
            not isinstance(body, dict)
            or set(body) != {'message', 'code', 'title'}):
        yield 'no error document: %s' % answer.text
    note = str(case.operation.facts.get('headers_of_note'))
    if case.status == 415 and 'Accept-Patch' in note:
        if not answer.headers.get('Accept-Patch'):
            yield 'no Accept-Patch'
    if case.status == 405:
        yield from _allow(case, answer)


def _allow(case, answer):
    wanted = case.operation.facts.get('allow_header_on_405', '')
    if case.verb == case.request.get('verb', case.verb):
        # The verb itself is not allowed, in any status.
        wanted = 'GET'
    seen = set(answer.headers.get('Allow', '').split(', '))
    if not set(wanted.split(', ')) - {''} <= seen:
        yield 'allowed are %s, not %s' % (seen, wanted)


def _json(answer):
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _of_success(case, answer):
    facts = case.operation.facts
    media_type = answer.headers.get_content_type()
    if answer.status == 204:
        if answer.body:
            yield 'a body'
        return
    wanted = facts.get('response_media_type')
    if wanted and media_type != wanted:
        yield 'media type %s, not %s' % (media_type, wanted)
    for header in _headers(facts, answer.status):
        if header not in answer.headers:
            yield 'no header %s' % header
    keys = {key.partition(' ')[0] for key in facts.get('response_keys', ())}
    if keys and set(_json(answer)) != keys:
        yield 'keys %s, not %s' % (sorted(_json(answer)), sorted(keys))
    yield from shapes.problems(case.operation, _json(answer))


def _headers(facts, status):
    """Names of the headers that come with a status of success."""
    for text in facts.get('headers_of_note', {}).get('response', ()):
        name, _space, more = text.partition(' ')
        if '(206)' in more and status != 206:
            continue
        yield name
