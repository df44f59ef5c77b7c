"""Images: life, lists and who sees what, over HTTP calls."""

import time

from tests.fixtures import service
from tests.functional.http import base

IMAGES = '/v2/images'


class TestLife(base.TestCase):

    def test_create_show_change_delete(self):
        answer = self.service.call('POST', IMAGES, {
            'name': 'cat', 'tags': ['b', 'a'], 'hw_rng': 'yes',
            'disk_format': 'qcow2', 'container_format': 'bare'})
        self.assertEqual(201, answer.status_int)
        image = answer.json
        path = IMAGES + '/' + image['id']
        self.assertEqual('http://localhost' + path, answer.location)
        self.assertEqual(image, self.service.call('GET', path).json)
        answer = self.service.patch(image['id'], [
            {'op': 'replace', 'path': '/hw_rng', 'value': 'no'},
            {'op': 'add', 'path': '/a~1b', 'value': 'c'},
            {'op': 'replace', 'path': '/tags', 'value': ['b']},
            {'op': 'replace', 'path': '/min_ram', 'value': 64}])
        self.assertEqual(200, answer.status_int, answer.text)
        self.assertEqual(
            ('no', 'c', ['b'], 64),
            tuple(answer.json[name] for name in (
                'hw_rng', 'a/b', 'tags', 'min_ram')))
        answer = self.service.patch(image['id'], [{'remove': '/hw_rng'}],
                                    media_type=service.V20)
        self.assertNotIn('hw_rng', answer.json)
        self.assertEqual(204, self.service.call('DELETE', path).status_int)
        self.assertEqual(404, self.service.call('GET', path).status_int)
        answer = self.service.call('POST', IMAGES, {'id': image['id']})
        self.assertEqual(409, answer.status_int)

    def test_changes_of_a_patch_hold_together_or_not_at_all(self):
        image = self.service.create(a='1')
        answer = self.service.patch(image['id'], [
            {'op': 'replace', 'path': '/name', 'value': 'x'},
            {'op': 'remove', 'path': '/b'}])
        self.assertEqual(409, answer.status_int)
        answer = self.service.patch(image['id'], [
            {'op': 'replace', 'path': '/name', 'value': 'x'}] + [
            {'op': 'add', 'path': '/p%d' % n, 'value': ''}
            for n in range(200)])
        self.assertEqual(413, answer.status_int)
        shown = self.service.call('GET', IMAGES + '/' + image['id']).json
        self.assertEqual(image, shown)

    def test_an_id_in_any_case(self):
        image = self.service.create(visibility='shared', name='it')
        path = IMAGES + '/' + image['id'].upper()
        answer = self.service.call('POST', IMAGES, {
            'id': image['id'].upper()})
        self.assertEqual(409, answer.status_int)
        for verb, more, body, status in (
                ('GET', '', None, 200), ('GET', '/members', None, 200),
                ('POST', '/members', {'member': 'p2'}, 200),
                ('GET', '/members/p2', None, 200),
                ('DELETE', '/members/p2', None, 204),
                ('PUT', '/tags/a', None, 204),
                ('DELETE', '/tags/a', None, 204),
                ('GET', '/tasks', None, 200)):
            answer = self.service.call(verb, path + more, body)
            self.assertEqual(status, answer.status_int, (more, answer.text))
        answer = self.service.patch(image['id'].upper(), [
            {'op': 'add', 'path': '/a', 'value': 'b'}])
        self.assertEqual(image['id'], answer.json['id'])
        self.assertEqual(204, self.service.upload(
            image['id'].upper(), b'abc').status_int)
        self.assertEqual(b'abc', self.service.call('GET', path + '/file').body)
        for query in ('id=%s' % image['id'].upper(),
                      'id=in:%s' % image['id'].upper()):
            self.assertEqual([image['id']], [one['id'] for one in (
                self.service.call('GET', IMAGES + '?' + query)
                .json['images'])])
        self.assertEqual(204, self.service.call('DELETE', path).status_int)
        self.assertEqual(404, self.service.call(
            'GET', IMAGES + '/' + image['id']).status_int)

    def test_a_new_id_is_kept_in_small_letters(self):
        image = self.service.create(
            id='AAAAAAAA-0000-4000-8000-00000000000B')
        self.assertEqual('aaaaaaaa-0000-4000-8000-00000000000b', image['id'])

    def test_owner_cannot_be_given_away(self):
        image = self.service.create()
        for op in ('add', 'replace'):
            answer = self.service.patch(image['id'], [
                {'op': op, 'path': '/owner', 'value': 'p2'}])
            self.assertEqual(403, answer.status_int)
        shown = self.service.call('GET', IMAGES + '/' + image['id']).json
        self.assertEqual('p1', shown['owner'])
        answer = self.service.admin(
            'PATCH', IMAGES + '/' + image['id'],
            [{'op': 'replace', 'path': '/owner', 'value': 'p2'}],
            headers={'Content-Type': service.V21})
        self.assertEqual('p2', answer.json['owner'])

    def test_a_protected_image_stays(self):
        image = self.service.create(protected=True)
        path = IMAGES + '/' + image['id']
        self.assertEqual(403, self.service.call('DELETE', path).status_int)
        self.service.patch(image['id'], [
            {'op': 'replace', 'path': '/protected', 'value': False}])
        self.assertEqual(204, self.service.call('DELETE', path).status_int)

    def test_tags_are_added_once_and_removed(self):
        path = IMAGES + '/' + self.service.create(tags=['a'])['id']
        for tag in ('b', 'b', 'c%20d'):
            answer = self.service.call('PUT', '%s/tags/%s' % (path, tag))
            self.assertEqual(204, answer.status_int)
        self.service.call('DELETE', path + '/tags/a')
        self.assertEqual(['b', 'c d'],
                         self.service.call('GET', path).json['tags'])

    def test_what_means_the_same(self):
        """Numbers, media types and slashes as clients write them."""
        answer = self.service.call('POST', IMAGES, {
            'min_disk': 1.0, 'min_ram': 2e3, 'tags': [''],
            'disk_format': 'raw', 'container_format': 'bare'})
        self.assertEqual(201, answer.status_int, answer.text)
        self.assertIn('"min_disk":1,', answer.text.replace(' ', ''))
        self.assertEqual([2000, ['']],
                         [answer.json[name] for name in ('min_ram', 'tags')])
        image = answer.json['id']
        for media_type in ('Application/OpenStack-Images-v2.1-JSON-Patch',
                           service.V21 + '; charset=UTF-8'):
            answer = self.service.patch(
                image, [{'op': 'replace', 'path': '/min_disk', 'value': 3.0},
                        {'op': 'replace', 'path': '/tags', 'value': ['', 'a']}
                        ], media_type=media_type)
            self.assertEqual(200, answer.status_int, answer.text)
            self.assertEqual([3, ['', 'a']], [
                answer.json[name] for name in ('min_disk', 'tags')])
        answer = self.service.call(
            'PUT', IMAGES + '//%s/file' % image, b'data', headers={
                'Content-Type': 'Application/Octet-Stream; charset=binary'})
        self.assertEqual(204, answer.status_int, answer.text)
        for path in ('//v2//images', '/v2///images', '/v2.3//images',
                     '/v2/schemas//image'):
            self.assertEqual(200, self.service.call('GET', path).status_int,
                             path)
        for path in ('/v2/images/', '/v2//images//'):
            self.assertEqual(404, self.service.call('GET', path).status_int)

    def test_data_goes_with_the_image(self):
        image = self.service.create()['id']
        self.service.upload(image, b'data')
        self.service.call('DELETE', IMAGES + '/' + image)
        for _attempt in range(100):
            if not self.service.stored_files():
                return
            time.sleep(0.1)
        self.fail('The data is still there')


class TestSharing(base.TestCase):

    def setUp(self):
        super().setUp()
        self.image = self.service.create(name='shared')['id']
        self.path = IMAGES + '/' + self.image
        self.members = self.path + '/members'

    def listed(self, query=''):
        page = self.service.call('GET', IMAGES + query, project='p2').json
        return [image['name'] for image in page['images']]

    def test_from_offer_to_acceptance(self):
        def status():
            return self.service.call('GET', self.path,
                                     project='p2').status_int
        self.assertEqual(404, status())
        answer = self.service.call('POST', self.members, {'member': 'p2'})
        self.assertEqual('pending', answer.json['status'])
        self.assertEqual(200, status())
        # Nobody gets an image into the list of others without consent.
        self.assertEqual([], self.listed())
        self.assertEqual(['shared'], self.listed('?member_status=pending'
                                                 '&visibility=shared'))
        answer = self.service.call('PUT', self.members + '/p2',
                                   {'status': 'accepted'}, project='p2')
        self.assertEqual('accepted', answer.json['status'])
        self.assertEqual(['shared'], self.listed())
        self.assertEqual(409, self.service.call(
            'POST', self.members, {'member': 'p2'}).status_int)
        self.assertEqual(204, self.service.call(
            'DELETE', self.members + '/p2').status_int)
        self.assertEqual([], self.listed())
        self.assertEqual(404, status())

    def test_member_may_not_change_the_image(self):
        self.service.call('POST', self.members, {'member': 'p2'})
        for verb, path, body in (
                ('DELETE', self.path, None),
                ('PUT', self.path + '/tags/x', None),
                ('PUT', self.path + '/file', b'x'),
                ('POST', self.members, {'member': 'p3'})):
            answer = self.service.call(verb, path, body, project='p2')
            self.assertEqual(403, answer.status_int)

    def test_members_beyond_the_quota_are_refused(self):
        self.service.conf.config(image_member_quota=1)
        for project, status in (('p2', 200), ('p3', 413)):
            answer = self.service.call('POST', self.members,
                                       {'member': project})
            self.assertEqual(status, answer.status_int)


class TestList(base.TestCase):

    def setUp(self):
        super().setUp()
        for number in range(5):
            self.service.create(
                name='i%d' % number, tags=['all', 'odd' if number % 2
                                           else 'even'],
                number=str(number), min_ram=number,
                os_hidden=number == 4)

    def names(self, query, **kwargs):
        answer = self.service.call('GET', IMAGES + '?' + query, **kwargs)
        self.assertEqual(200, answer.status_int, answer.text)
        return [image['name'] for image in answer.json['images']]

    def test_each_filter_finds_what_matches(self):
        for query, expected in (
                ('', 'i0 i1 i2 i3'), ('name=i1', 'i1'), ('name=x', ''),
                ('name=in:i1,i3', 'i1 i3'), ('number=2', 'i2'),
                ('number=2&name=i1', ''), ('tag=odd', 'i1 i3'),
                ('tag=all&tag=even', 'i0 i2'), ('tag=odd&tag=even', ''),
                ('min_ram=3', 'i3'), ('min_ram_min=2', 'i2 i3'),
                ('min_ram_max=1&min_ram_min=1', 'i1'),
                ('os_hidden=true', 'i4'), ('status=active', ''),
                ('status=in:queued,active', 'i0 i1 i2 i3'),
                ('owner=p1', 'i0 i1 i2 i3'), ('owner=p2', ''),
                ('protected=true', ''), ('visibility=shared', 'i0 i1 i2 i3'),
                ('visibility=public', ''), ('created_at=lt:2020-01-01', ''),
                ('created_at=gt:2020-01-01T00:00:00Z', 'i0 i1 i2 i3'),
                ('nothing=x', '')):
            self.assertEqual(expected.split(),
                             sorted(self.names(query)), query)

    def test_images_come_in_the_order_asked_for(self):
        self.assertEqual(['i3', 'i2', 'i1', 'i0'], self.names('sort=name'))
        self.assertEqual(['i0', 'i1', 'i2', 'i3'],
                         self.names('sort_key=name&sort_dir=asc'))
        self.assertEqual(['i0', 'i1', 'i2', 'i3'],
                         self.names('sort_key=status&sort_key=name'
                                    '&sort_dir=desc&sort_dir=asc'))

    def test_pages_lead_to_all_that_matches(self):
        link = IMAGES + '?tag=all&tag=even&sort_key=status&sort_key=name' \
            '&sort_dir=asc&limit=1'
        seen, first = [], None
        while link:
            page = self.service.call('GET', link).json
            seen += [image['name'] for image in page['images']]
            first = first or page['first']
            self.assertEqual(first, page['first'])
            link = page.get('next')
        self.assertEqual(['i0', 'i2'], seen)

    def test_a_page_begins_behind_its_marker(self):
        images = self.service.call('GET', IMAGES).json['images']
        query = '?marker=' + images[1]['id']
        page = self.service.call('GET', IMAGES + query).json
        self.assertEqual(images[2:], page['images'])
        answer = self.service.call('GET', IMAGES + query, project='p2')
        self.assertEqual(400, answer.status_int)

    def test_others_see_only_what_is_shown_to_them(self):
        self.service.create(name='mine', visibility='private')
        self.service.create(name='ours', visibility='community')
        self.service.admin('POST', IMAGES, {'name': 'all',
                                            'visibility': 'public'})
        for query, expected in (('', 'all'), ('visibility=public', 'all'),
                                ('visibility=community', 'ours'),
                                ('visibility=all', 'all ours'),
                                ('visibility=private', '')):
            self.assertEqual(expected.split(),
                             sorted(self.names(query, project='p2')), query)
        everything = {'roles': 'admin,member,reader', 'project': 'p0'}
        self.assertNotIn('ours', self.names('', **everything))
        self.assertIn('mine', self.names('', **everything))
        self.assertIn('ours', self.names('visibility=community',
                                         **everything))
