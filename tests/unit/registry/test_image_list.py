"""Lists of images: who sees what, filters, order and pages."""

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import schema
from tests.unit.registry import base


class VisibilityTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        for visibility in ('private', 'shared', 'community', 'public'):
            self.create(name=visibility, visibility=visibility)
        self.create(name='mine', owner='stranger', visibility='private')
        self.create(name='ownerless', owner=None, visibility='private')
        for status in ('pending', 'accepted', 'rejected'):
            image_id = self.create(name=status)['id']
            self.members.create(self.owner, image_id=image_id,
                                member_id='stranger', limit=-1)
            self.members.update(self.owner, image_id=image_id,
                                member_id='stranger', status=status)

    def see(self, *names, ctxt=None, **query):
        self.assertEqual(sorted(names), sorted(
            self.list(ctxt or self.stranger, **query)))

    def test_a_project_by_default(self):
        self.see('public', 'mine', 'ownerless', 'accepted')

    def test_by_visibility(self):
        self.see('public', visibility='public')
        self.see('mine', 'ownerless', visibility='private')
        self.see('accepted', visibility='shared')
        self.see('community', visibility='community')
        self.see('public', 'mine', 'ownerless', 'accepted', 'community',
                 visibility='all')

    def test_by_member_status(self):
        self.see('pending', visibility='shared', member_status='pending')
        self.see('rejected', visibility='shared', member_status='rejected')
        self.see('pending', 'accepted', 'rejected', visibility='shared',
                 member_status='all')

    def test_each_member_sees_itself_as_the_member(self):
        image_id = self.create(name='several')['id']
        for member in ('a stranger', 'stranger', 'z stranger'):
            self.members.create(self.owner, image_id=image_id,
                                member_id=member, limit=-1)
            self.members.update(
                base.context.BusContext(project_id=member),
                image_id=image_id, member_id=member, status='accepted')
        found = {image['name']: image['member'] for image in
                 self.images.list(self.stranger, query=base.QUERY)}
        self.assertEqual({'public': None, 'mine': None, 'ownerless': None,
                          'accepted': 'stranger', 'several': 'stranger'},
                         found)

    def test_the_list_goes_on_after_each_image_that_the_caller_sees(self):
        whole = self.images.list(self.stranger, query=dict(
            base.QUERY, visibility='all'))
        self.assertEqual(5, len(whole))
        for number, image in enumerate(whole, 1):
            self.assertEqual(
                [later['name'] for later in whole[number:]],
                self.list(self.stranger, marker=image['id'],
                          visibility='all'), image['name'])

    def test_the_owner(self):
        self.see('private', 'shared', 'community', 'public', 'ownerless',
                 'pending', 'accepted', 'rejected', ctxt=self.owner)

    def test_an_admin(self):
        everything = ['private', 'shared', 'public', 'mine', 'ownerless',
                      'pending', 'accepted', 'rejected']
        self.see(*everything, ctxt=self.admin)
        self.see('community', *everything, ctxt=self.admin, visibility='all')
        self.see('community', ctxt=self.admin, visibility='community')
        self.see('private', 'mine', 'ownerless', ctxt=self.admin,
                 visibility='private')

    def test_killed_images_are_hidden(self):
        image_id = self.create(name='killed', visibility='public')['id']
        with engine.writer() as conn:
            conn.execute(schema.images.update().where(
                schema.images.c.id == image_id), {'status': 'killed'})
        for ctxt in (self.owner, self.stranger, self.admin):
            for query in ({}, {'visibility': 'all'},
                          {'visibility': 'public'},
                          {'filters': [['status', 'eq', 'killed']]}):
                self.assertNotIn('killed', self.list(ctxt, **query))

    def test_without_a_project_public_and_ownerless_are_seen(self):
        self.stranger.project_id = None
        self.see('public', 'ownerless')

    def test_the_member_is_named(self):
        image, = self.images.list(self.stranger, query=dict(
            base.QUERY, visibility='shared'))
        self.assertEqual('stranger', image['member'])


class FilterTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.create(name='a', properties={'os': 'x', 'n': '1'},
                    tags=['t1', 't2'], disk_format='iso', min_ram=1)
        self.create(name='b', properties={'os': 'y' * 3000}, tags=['t1'],
                    min_ram=2)
        self.create(name='hidden', os_hidden=True)

    def see(self, *names, **query):
        self.assertEqual(sorted(names),
                         sorted(self.list(self.owner, **query)))

    def test_columns_are_compared_as_their_operator_says(self):
        self.see('a', filters=[['disk_format', 'eq', 'iso']])
        self.see('b', filters=[['disk_format', 'neq', 'iso']])
        self.see('a', 'b', filters=[['name', 'in', ['a', 'b', 'c']]])
        self.see('b', filters=[['min_ram', 'gt', 1], ['min_ram', 'lte', 2]])
        self.see(filters=[['created_at', 'lt', '2000-01-01T00:00:00']])
        self.see('a', 'b', filters=[['created_at', 'gte',
                                     '2000-01-01T00:00:00']])

    def test_all_properties_asked_for_have_to_match(self):
        self.see('a', properties={'os': 'x'})
        self.see('a', properties={'os': 'x', 'n': '1'})
        self.see(properties={'os': 'x', 'n': '2'})
        self.see('b', properties={'os': 'y' * 3000})

    def test_a_removed_property_matches_no_more(self):
        image, = self.images.list(self.owner, query=dict(
            base.QUERY, properties={'os': 'x'}))
        self.images.update(self.owner, image_id=image['id'],
                           changes={'remove_properties': ['os']})
        self.see(properties={'os': 'x'})

    def test_all_tags_asked_for_have_to_be_there(self):
        self.see('a', 'b', tags=['t1'])
        self.see('a', tags=['t1', 't2'])
        self.see(tags=['t1', 't3'])

    def test_hidden_images_are_listed_when_asked_for(self):
        self.see('hidden', os_hidden=True)


class PageTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.ids = {}
        for name in ('b', 'a', None, 'c', 'a', None):
            image = self.create(name=name)
            self.ids.setdefault(name, []).append(image['id'])

    def walk(self, ctxt, sort, limit=2):
        sort = sort + [['created_at', 'desc'], ['id', 'desc']]
        seen, marker = [], None
        while True:
            page = self.images.list(ctxt, query=dict(
                base.QUERY, sort=sort, limit=limit, marker=marker))
            if not page:
                return seen
            seen += page
            marker = page[-1]['id']

    def test_pages_join_to_the_whole_list(self):
        for ctxt in (self.owner, self.admin):
            for sort in ([], [['name', 'asc']], [['name', 'desc']],
                         [['size', 'asc']],
                         [['status', 'desc'], ['name', 'asc']]):
                whole = self.images.list(ctxt, query=dict(
                    base.QUERY, sort=sort + base.QUERY['sort']))
                self.assertEqual(6, len(whole))
                self.assertEqual([image['id'] for image in whole],
                                 [image['id'] for image in
                                  self.walk(ctxt, sort)])

    def test_order_by_name(self):
        names = [image['name'] for image
                 in self.walk(self.owner, [['name', 'asc']])]
        self.assertEqual([None, None, 'a', 'a', 'b', 'c'], names)

    def test_limit_zero_is_an_empty_page(self):
        self.assertEqual([], self.list(self.owner, limit=0))

    def test_a_marker_that_is_not_there(self):
        self.assertRaises(exceptions.InvalidMarker, self.list, self.owner,
                          marker='nothing')

    def test_a_marker_that_the_caller_does_not_see(self):
        self.assertRaises(exceptions.InvalidMarker, self.list, self.stranger,
                          marker=self.ids['b'][0])

    def test_one_statement_a_page(self):
        first, *_others, last = self.images.list(self.owner, query=base.QUERY)
        for ctxt in (self.owner, self.admin):
            # Of an empty page it is asked whether there is such a marker.
            for marker, count in ((first['id'], 1), (last['id'], 2)):
                with self.database.statements() as statements:
                    self.list(ctxt, marker=marker)
                self.assertEqual(count, len(statements), statements)


class BytesTest(base.RegistryTestCase):
    """A page ends where it would become too large, after one image at least.
    """

    LARGE = {
        'properties': {'properties': {'p%d' % n: 'x' * 1000
                                      for n in range(10)}},
        'names': {'properties': {'%d' % n * 200: '' for n in range(10)}},
        'tags': {'tags': [('%02d' % n) * 100 for n in range(50)]}}

    def page(self, **query):
        answer = self.images.list(self.owner, query=dict(
            base.QUERY, sort=[['name', 'asc'], ['id', 'asc']],
            max_bytes=25000, **query))
        return [image['name'] for image in answer['images']], answer['is_cut']

    def test_pages_are_cut(self):
        for kind in ('properties', 'tags'):
            ids = [self.create(name='%s %d' % (kind, number),
                               **self.LARGE[kind])['id']
                   for number in range(5)]
            names = ['%s %d' % (kind, number) for number in range(5)]
            self.assertEqual((names[:2], True), self.page())
            self.assertEqual((names[2:4], True), self.page(marker=ids[1]))
            self.assertEqual((names[4:], False), self.page(marker=ids[3]))
            for image_id in ids:
                self.images.delete(self.owner, image_id=image_id)

    def test_names_and_locations_count(self):
        for number in range(9):
            image_id = self.create(name=str(number),
                                   **self.LARGE['names'])['id']
            self.upload(image_id, url='file:///' + 'x' * 1000)
        self.assertEqual(
            ([str(number) for number in range(7)], True),
            self.page())

    def test_one_image_is_a_page(self):
        for name in ('0 small', 'large', 'small'):
            self.create(name=name, properties={
                'p%d' % n: 'x' * 60000 for n in range(name == 'large')})
        self.assertEqual((['0 small'], True), self.page())
        marker = self.images.list(self.owner, query=dict(
            base.QUERY, filters=[['name', 'eq', '0 small']]))[0]['id']
        self.assertEqual((['large'], True), self.page(marker=marker))

    def test_for_everybody(self):
        for number in range(3):
            self.create(visibility='public', name=str(number),
                        **self.LARGE['properties'])
        for ctxt in (self.stranger, self.admin):
            self.owner = ctxt
            self.assertEqual((['0', '1'], True), self.page())

    def test_others_know_of_no_bound(self):
        self.create(**self.LARGE['properties'])
        self.assertIsInstance(self.images.list(
            self.owner, query=base.QUERY), list)
