"""Members, tags, and actions of images."""

from tests.contract.cases import base
from tests.contract import givens

IMAGE = '/v2/images/{image_id}'
MEMBER = IMAGE + '/members/{member_id}'
NOT_SHARED = {'given': givens.made_private}
NO_MEMBER = {'parts': {'member_id': 'nobody'}}
_NO_DATA = {'400 illegal status transition': {'given': givens.importing},
            '403 image neither active nor deactivated': {
                'given': givens.queued}}

CASES = base.expand({
    'GET %s/members' % IMAGE: ({'given': givens.shared}, {
        '403 image visibility not shared': NOT_SHARED,
        '403 policy denies': {'denied': 'get_members'}}),
    'POST %s/members' % IMAGE: (
        {'given': givens.queued, 'body': {'member': 'p2'}}, {
            '400 member key missing or empty': [
                {'body': {}}, {'body': {'member': ''}}],
            '400 body not an object': [{'body': []}, {'body': 'x'}],
            '403 image visibility not shared': {'given': givens.hidden},
            '409 already a member': {'given': givens.shared},
            '413 too many members': {
                'options': {'image_member_quota': 0}}}),
    'GET ' + MEMBER: ({'given': givens.shared}, {
        '404 not a member': NO_MEMBER,
        '404 policy denies': {'denied': 'get_member'},
        '404 image not shared': NOT_SHARED}),
    'PUT ' + MEMBER: (
        {'given': givens.shared, 'body': {'status': 'accepted'},
         'caller': 'stranger'}, {
             '400 status missing': {'body': {}},
             '400 status value unknown': {'body': {'status': 'x'}},
             '403 owner may not set status': {'caller': 'member'},
             '403 image not shared': dict(NOT_SHARED, caller='admin'),
             '404 not a member': dict(NO_MEMBER, caller='admin'),
             '404 image unknown or not visible': [
                 {'parts': {'image_id': base.UNKNOWN}},
                 {'caller': 'outsider'}]}),
    'DELETE ' + MEMBER: ({'given': givens.shared}, {
        '403 image not shared': NOT_SHARED,
        '404 not a member': NO_MEMBER}),
    'PUT %s/tags/{tag_value}' % IMAGE: ({'given': givens.queued}, {
        '400 tag longer than 255': {'parts': {'tag_value': 't' * 256}},
        '413 too many tags': {'options': {'image_tag_quota': 0}}}),
    'DELETE %s/tags/{tag_value}' % IMAGE: ({'given': givens.tagged}, {
        '404 tag not on image': {'parts': {'tag_value': 'absent'}}}),
    'POST %s/actions/deactivate' % IMAGE: (
        {'given': givens.active}, _NO_DATA),
    'POST %s/actions/reactivate' % IMAGE: (
        {'given': givens.deactivated, 'caller': 'admin'}, _NO_DATA),
})
