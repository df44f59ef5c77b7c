"""Tasks."""

from tests.contract.cases import base
from tests.contract import givens

_SOURCE = {'import_from': '{web}x', 'import_from_format': 'qcow2',
           'image_properties': {}}
ONE = dict({'given': givens.task}, caller='admin')
_UNKNOWN = {'parts': {'task_id': base.UNKNOWN}}


def body(**values):
    return {'body': dict({'type': 'import', 'input': _SOURCE}, **values)}


CASES = base.expand({
    'GET /v2/tasks': (dict(ONE, query='limit=1'), {
        '400 bad limit, marker or sort': [
            {'query': query} for query in (
                'limit=-1', 'limit=x', 'marker=x', 'sort_key=x',
                'sort_dir=x')],
        '400 status or type filter unknown': [
            {'query': 'status=x'}, {'query': 'type=x'}],
        '403 policy denies': [{'denied': 'tasks_api_access'},
                              {'caller': 'member'}]}),
    'POST /v2/tasks': (dict(body(), caller='admin'), {
        '400 type or input missing': [
            {'body': {'type': 'import'}}, {'body': {'input': _SOURCE}}],
        '400 schema violation': [
            body(type='x'), body(input=5), {'body': []},
            body(input={'import_from': '{web}x'})],
        '400 import source rejected': [
            body(input=dict(_SOURCE, import_from=uri)) for uri in (
                'file:///etc/passwd', 'http://169.254.169.254/x')],
        '403 policy denies (admin only)': [
            {'denied': 'tasks_api_access'}, {'caller': 'member'}]}),
    'GET /v2/tasks/{task_id}': (ONE, {
        '404 task unknown or foreign': _UNKNOWN}),
    'DELETE /v2/tasks/{task_id}': (ONE, {}),
    'GET /v2/images/{image_id}/tasks': ({'given': givens.importing}, {}),
})
