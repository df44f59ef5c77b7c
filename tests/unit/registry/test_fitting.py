"""Images that are asked for together: as many as fit into an answer."""

from tests.unit.registry import base

MOST = 25000


class FittingTest(base.RegistryTestCase):

    def fitting(self, *items):
        with self.database.statements() as statements:
            answer = self.images.get_fitting(self.admin, items=items,
                                             max_bytes=MOST)
        self.assertEqual(1, len(statements), statements)
        return answer

    def large(self, size, **attributes):
        return self.create(properties={
            'p%d' % number: 'x' * 1000 for number in range(size // 1000)},
            **attributes)['id']

    def items(self, *image_ids):
        return [[image_id, 'owner', False] for image_id in image_ids]

    def test_what_fits_is_given_as_to_single_reads(self):
        image_ids = [self.create()['id'] for _number in range(3)]
        answer = self.fitting(*self.items(*image_ids))
        self.assertEqual(
            {image_id: self.images.get_many(
                self.admin, items=self.items(image_id))[0]
             for image_id in image_ids},
            {image_id: dict(image, member=None)
             for image_id, image in answer['images'].items()})
        self.assertEqual([{'id': image_id, 'member': None}
                          for image_id in image_ids], answer['seen'])
        self.assertEqual([], answer['left_out'])

    def test_the_largest_are_left_out(self):
        sizes = (9000, 60000, 1000, 12000, 20000)
        ids = dict(zip(sizes, map(self.large, sizes)))
        answer = self.fitting(*self.items(*ids.values()))
        self.assertEqual({ids[size] for size in (1000, 9000, 12000)},
                         set(answer['images']))
        self.assertEqual({ids[size] for size in (20000, 60000)},
                         set(answer['left_out']))
        self.assertEqual([9000, None, 1000, 12000, None],
                         [seen and next(size for size in sizes
                                        if ids[size] == seen['id'])
                          for seen in answer['seen']])

    def test_one_at_least(self):
        ids = [self.large(60000), self.large(70000)]
        answer = self.fitting(*self.items(*ids))
        self.assertEqual([ids[0]], list(answer['images']))
        self.assertEqual([ids[1]], answer['left_out'])

    def test_one_for_many(self):
        """It weighs as much as for one."""
        image_id = self.large(20000, visibility='public')
        projects = ['p%d' % number for number in range(16)]
        answer = self.fitting(*([image_id, project, False]
                                for project in projects))
        self.assertEqual([image_id], list(answer['images']))
        self.assertEqual([{'id': image_id, 'member': None}] * 16,
                         answer['seen'])
        self.assertEqual([], answer['left_out'])

    def test_who_sees_it(self):
        image_id = self.create()['id']
        self.members.create(self.owner, image_id=image_id,
                            member_id='friend', limit=-1)
        answer = self.fitting([image_id, 'friend', False],
                              [image_id, 'stranger', False],
                              [image_id.upper(), 'owner', False],
                              ['none', 'owner', False])
        self.assertEqual([{'id': image_id, 'member': 'friend'}, None,
                          {'id': image_id, 'member': None}, None],
                         answer['seen'])
        self.assertEqual(['status' in image and 'members' not in image
                          for image in answer['images'].values()], [True])

    def test_what_nobody_sees(self):
        """It is known not to be there, though others do not fit beside it."""
        hidden = self.large(20000, owner='other')
        image_id = self.large(21000)
        answer = self.fitting(*self.items(hidden, image_id))
        self.assertEqual({}, answer['images'])
        self.assertEqual([None, None], answer['seen'])
        self.assertEqual([image_id], answer['left_out'])

    def test_tags_and_locations_weigh(self):
        ids = [self.create(tags=[('%02d' % number) * 100
                                 for number in range(50)])['id']
               for _number in range(2)]
        located = []
        for _number in range(4):
            located.append(self.create()['id'])
            self.upload(located[-1], url='file:///' + 'x' * 4000)
        answer = self.fitting(*self.items(*ids, *located))
        self.assertEqual(set(located), set(answer['images']) - set(ids))
        self.assertEqual(2, len(answer['left_out']))
