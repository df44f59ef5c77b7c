"""What events of nova and cinder say of images."""

from oslotest import base

from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.conductor.usage import readers
from tests.fixtures import usage

IMAGE = '6fa612cc-4e34-41ef-b136-c773ef3e079c'
ID = 'da54f3d0-afba-4ec1-92fd-cb2b978abf3f'
AT = '2026-11-22 01:54:34.749827'
AT_MS = 1795312474749


def _said(event_type, payload, timestamp=AT):
    return readers.statements(events.read(event_type, payload, timestamp))


def _versioned(action='create.end', **data):
    return 'instance.' + action, {'nova_object.data': {
        'uuid': ID, 'tenant_id': 'p', 'image_uuid': IMAGE, 'state': 'active',
        'display_name': 'cloud', **data}}


def _legacy(action='create.end', **payload):
    return 'compute.instance.' + action, {
        'instance_id': ID, 'tenant_id': 'p', 'state': 'active',
        'image_ref_url': 'http://glance:9292/images/' + IMAGE, **payload}


def _use(kind='server', image=IMAGE, is_gone=False, project='p'):
    return [{'at_ms': AT_MS, 'kind': kind, 'id': ID, 'project_id': project,
             'image_id': image, 'is_gone': is_gone}]


class NovaTest(base.BaseTestCase):

    def test_both_kinds_of_events_say_the_same(self):
        for make in (_versioned, _legacy):
            self.assertEqual(_use(), _said(*make()))
            self.assertEqual(_use(is_gone=True), _said(*make(
                'delete.end', state='deleted')))

    def test_recorded_ones_say_the_same(self):
        said = {'instance': set(), 'compute': set()}
        for one in usage.recorded():
            for statement in usage.said(one['message']):
                first = one['message']['event_type'].partition('.')[0]
                if first in said:
                    said[first].add((statement['id'], statement['image_id'],
                                     statement['is_gone']))
        self.assertEqual(said['instance'], said['compute'])
        self.assertIn((usage.SERVER, usage.RAW, False), said['instance'])
        self.assertIn((usage.REBUILT, usage.QCOW2, False), said['instance'])
        self.assertIn((usage.REBUILT, usage.RAW, False), said['instance'])

    def test_a_server_on_a_volume_says_nothing_of_images(self):
        self.assertEqual([], _said(*_versioned(image_uuid='')))
        self.assertEqual([], _said(*_legacy(
            image_ref_url='http://glance:9292/images/')))

    def test_a_server_deleted_for_now_is_not_gone(self):
        self.assertEqual(_use(), _said(*_versioned('soft_delete.end',
                                                   state='soft-delete')))

    def test_a_snapshot_is_not_what_its_server_rests_on(self):
        self.assertEqual(_use(), _said(*_versioned(
            'snapshot.end', snapshot_image_id=usage.QCOW2)))

    def test_the_image_of_a_shelved_server_has_a_name(self):
        event = events.read(*_versioned('shelve_offload.end',
                                        state='shelved_offloaded'), AT)
        self.assertEqual((ID, 'cloud-shelved'),
                         nova.shelved(event)[1::2])
        for action, state in (('update', 'active'),
                              ('unshelve.start', 'shelved_offloaded'),
                              ('delete.start', 'shelved')):
            self.assertIsNone(nova.shelved(events.read(
                *_versioned(action, state=state), AT)))

    def test_that_image_is_left_in_the_end(self):
        left = _use('shelved', None, project=None)
        self.assertEqual(_use() + left, _said(*_versioned('unshelve.end')))
        self.assertEqual(_use() + left, _said(*_versioned(
            'delete.start', state='shelved_offloaded')))
        self.assertEqual(_use(), _said(*_versioned('delete.start')))


class CinderTest(base.BaseTestCase):

    def test_the_image_of_a_volume(self):
        metadata = [{'key': 'size', 'value': '7'},
                    {'key': 'image_id', 'value': IMAGE}]
        self.assertEqual(_use('volume'), _said('volume.create.end', {
            'volume_id': ID, 'tenant_id': 'p', 'status': 'available',
            'glance_metadata': metadata}))

    def test_a_volume_without_metadata_says_nothing(self):
        self.assertEqual([], _said('volume.create.end', {
            'volume_id': ID, 'tenant_id': 'p', 'status': 'available'}))

    def test_what_is_deleted_is_gone(self):
        for kind in ('volume', 'snapshot', 'backup'):
            self.assertEqual(
                _use(kind, None, True), _said(kind + '.delete.end', {
                    kind + '_id': ID, 'tenant_id': 'p'}))

    def test_recorded_volumes(self):
        said = {(one['id'], one['image_id'], one['is_gone'])
                for one in usage.statements(
                    one['message'] for one in usage.recorded())
                if one['kind'] == 'volume'}
        self.assertIn((usage.VOLUME, usage.OF_VOLUMES, False), said)
        self.assertNotIn((usage.VOLUME, None, True), said)


class MalformedTest(base.BaseTestCase):

    def test_what_is_no_event_is_passed_over(self):
        for one in ((None, {}, AT), ('instance.create.end', [], AT),
                    ('instance.create.end', {}, 'yesterday'),
                    ('instance.create.end', {}, None)):
            self.assertIsNone(events.read(*one))

    def test_events_of_others_say_nothing(self):
        for event_type in ('image.create', 'instance', 'volume',
                           'compute.node.update', 'port.create.end', ''):
            self.assertEqual([], _said(event_type, {'id': ID}))

    def test_broken_payloads_say_nothing(self):
        for value in (None, 7, [], {}, 'x' * 300, 'x' + ID):
            for make, keys in ((_versioned, ('uuid', 'image_uuid')),
                               (_legacy, ('instance_id', 'image_ref_url'))):
                for key in keys:
                    self.assertEqual([], _said(*make(**{key: value})), value)
            self.assertEqual([], _said('instance.create.end',
                                       {'nova_object.data': value}))
            for metadata in (value, [value], [{'key': 'image_id',
                                               'value': value}]):
                self.assertEqual([], _said('volume.create.end', {
                    'volume_id': ID, 'glance_metadata': metadata}))
