"""Rules of today are for what is made today: old images go on as they were."""

import fixtures
from oslo_utils import timeutils

from glance.api.schemas import image as image_schema
from glance.db.connect import engine
from glance.db import schema
from tests.functional.http import base

DATA = b'data of old'


class OldImagesTest(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create(
            name='old', tags=['t'], kind='a')['id']
        self.expect(204, self.service.upload(self.image_id, DATA))

    def expect(self, status, answer):
        self.assertEqual(status, answer.status_int, answer.text)
        return answer

    def write(self, statement, *rows):
        with engine.writer() as conn:
            for row in rows:
                conn.execute(statement, row)

    def attributes(self, **columns):
        self.write(schema.images.update().where(
            schema.images.c.id == self.image_id), columns)

    def add(self, table, *rows):
        now = timeutils.utcnow()
        self.write(table.insert(), *(dict(
            row, image_id=self.image_id, deleted=False, created_at=now,
            updated_at=now) for row in rows))

    def call(self, verb, below='', *args, **kwargs):
        return self.service.call(
            verb, '/v2/images/' + self.image_id + below, *args, **kwargs)

    def patch(self, *operations):
        return self.service.patch(self.image_id, [
            dict(zip(('op', 'path', 'value'), one)) for one in operations])

    def check(self, shown=(), name=None):
        """All is as ever with the image."""
        image = self.expect(200, self.call('GET')).json
        listed, = self.expect(200, self.service.call(
            'GET', '/v2/images')).json['images']
        self.assertEqual(image, listed)
        for key, value in dict(shown).items():
            self.assertEqual(value, image[key])
        self.assertEqual(DATA, self.expect(200, self.call(
            'GET', '/file')).body)
        self.expect(200, self.patch(('replace', '/min_ram', 1)))
        self.expect(200, self.patch(('replace', '/kind', 'b')))
        if name is None:
            self.expect(200, self.patch(('replace', '/name', 'x')))
        self.expect(204, self.call('PUT', '/tags/t'))
        for action in ('deactivate', 'reactivate'):
            self.expect(204, self.call('POST', '/actions/' + action,
                                       headers={'X-Roles': 'admin'}))
        self.expect(204, self.call('DELETE', '/tags/t'))
        self.expect(200, self.patch(('remove', '/kind')))
        self.expect(204, self.call('DELETE'))

    def test_an_emoji_in_the_name_does_no_harm(self):
        self.attributes(name='\U0001f427')
        self.check({'name': '\U0001f427'})

    def test_name_that_stays(self):
        self.attributes(name='')
        self.check({'name': ''}, name='')

    def test_unknown_formats_do_no_harm(self):
        self.attributes(disk_format='old', container_format='older')
        self.check({'disk_format': 'old', 'container_format': 'older'})

    def test_formats_that_are_not_configured_any_more(self):
        self.service.conf.config(group='image_format', disk_formats=['iso'],
                                 container_formats=['docker'])
        image_schema.reset()
        self.addCleanup(image_schema.reset)
        self.check({'disk_format': 'raw', 'container_format': 'bare'})

    def test_a_negative_min_disk_does_no_harm(self):
        self.attributes(min_disk=-1, size=len(DATA))
        self.check({'min_disk': -1})

    def test_more_properties_than_allowed_do_no_harm(self):
        self.add(schema.image_properties, *(
            {'name': 'p%d' % number, 'value': 'v'} for number in range(200)))
        self.check({'p199': 'v'})

    def test_odd_properties(self):
        odd = {'\U0001f427': '\U0001f427', 'a/b~c': 'x' * 65536,
               'os_glance_old': 'x', '': 'x'}
        self.add(schema.image_properties, *(
            {'name': name, 'value': value} for name, value in odd.items()))
        self.check(odd)

    def test_more_tags_than_allowed_do_no_harm(self):
        tags = ['%03d' % number for number in range(200)]
        self.add(schema.image_tags, *({'value': tag} for tag in tags))
        self.check({'tags': tags + ['t']})

    def test_odd_tags(self):
        tags = ['', '\U0001f427']
        self.add(schema.image_tags, *({'value': tag} for tag in tags))
        self.expect(200, self.patch(('replace', '/tags', ['t'])))
        self.check({'tags': ['t']})

    def test_more_data_than_allowed_does_no_harm(self):
        self.service.conf.config(image_size_cap=1, user_storage_quota='1')
        self.check({'size': len(DATA)})

    def test_more_members_than_allowed_do_no_harm(self):
        self.service.conf.config(image_member_quota=1)
        self.add(schema.image_members, *(
            {'member': 'm%d' % number, 'can_share': False,
             'status': 'pending'} for number in range(3)))
        self.assertEqual(3, len(self.expect(200, self.call(
            'GET', '/members')).json['members']))
        self.expect(200, self.call('PUT', '/members/m1', {
            'status': 'accepted'}, headers={'X-Project-Id': 'm1'}))
        self.expect(204, self.call('DELETE', '/members/m1'))
        self.check()

    def test_what_a_site_demands_of_images(self):
        """Since the image was made it demands a further property."""
        folder = self.useFixture(fixtures.TempDir()).path
        with open(folder + '/schema-image.json', 'w') as file:
            file.write('{"properties": {"team": {"type": "string"}, "kind": '
                       '{"type": "string", "enum": ["b", "c"]}}, '
                       '"required": ["team"]}')
        self.useFixture(fixtures.MockPatchObject(
            image_schema.CONF, 'find_file',
            lambda name: folder + '/' + name))
        image_schema.reset()
        self.addCleanup(image_schema.reset)
        self.assertEqual(400, self.service.call(
            'POST', '/v2/images', {'name': 'x'}).status_int)
        self.check({'kind': 'a'})
