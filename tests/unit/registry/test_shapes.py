"""What the registry gives is of the types that `glance.objects` has for it."""

import typing

from oslotest import base as oslo_base

from glance.conf import CONF
from glance.conf import tasks as task_options
from glance.objects import image
from glance.objects import location
from glance.objects import member
from glance.objects import task
from glance.objects import work
from glance.registry.endpoints import imports
from glance.registry.endpoints import tasks
from tests.fixtures import shapes
from tests.unit.registry import base


class TestShapes(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        task_options.register_opts(CONF)
        self.tasks = tasks.TasksEndpoint()
        self.imports = imports.ImportsEndpoint()
        self.image = self.create(properties={'a': 'b'}, tags=['t'])

    def check(self, kind, value):
        self.assertEqual([], shapes.problems(value, kind))

    def begin_import(self):
        new = {'id': 't', 'type': 'api_image_import', 'owner': 'owner',
               'image_id': self.image['id'], 'request_id': 'r',
               'user_id': 'u', 'input': {'import_req': {}}}
        plan = {'kind': 'api_image_import', 'status': 'queued',
                'stores': ['a'], 'is_multi': True, 'skips_held': False,
                'input': {'method': 'web-download'}}
        self.check(task.NewTask, new)
        self.check(task.ImportPlan, plan)
        return self.imports.begin(self.owner, image_id=self.image['id'],
                                  task=new, plan=plan)

    def claim(self):
        return self.work.claim(self.admin, worker='w', limit=5)

    def test_images_and_pages_are_of_their_types(self):
        self.check(image.Image, self.image)
        self.upload(self.image['id'])
        found = self.get(self.owner, self.image['id'])
        self.check(image.Image, found)
        self.check(location.Location, found['locations'][0])
        self.check(image.Page, self.images.list(self.owner, query=dict(
            base.QUERY, max_bytes=1 << 20)))
        self.check(image.Fitting, self.images.get_fitting(
            self.owner, items=[[self.image['id'], 'owner', False],
                               ['absent', 'owner', False]],
            max_bytes=1 << 20))
        self.check(image.Image, self.images.update(
            self.owner, image_id=self.image['id'],
            changes={'attributes': {'name': 'n'}}))

    def test_members_are_of_their_type(self):
        ask = {'image_id': self.image['id'], 'member_id': 'm'}
        self.check(member.Member, self.members.create(
            self.owner, **ask, limit=5))
        self.check(member.Member, self.members.update(
            self.owner, **ask, status='accepted'))
        self.check(list[member.Member], self.members.list(
            self.owner, image_id=self.image['id']))

    def test_tasks_and_plans_are_of_their_types(self):
        self.check(task.Task, self.begin_import())
        unit, = self.claim()
        self.work.advance(self.admin, work_id=unit['id'],
                          attempt=unit['attempt'], progress=base.PROGRESS)
        self.check(task.Task, self.tasks.get(self.owner, task_id='t'))
        self.check(list[task.Listed], self.tasks.list(self.owner, query={
            'filters': {}, 'sort_key': 'created_at', 'sort_dir': 'asc',
            'marker': None, 'limit': 5}))
        self.tasks.finish(self.admin, work_id='t', attempt=unit['attempt'],
                          result={'image_id': 'i'})
        self.check(list[task.Task], self.tasks.list_of_image(
            self.owner, image_id=self.image['id']))

    def test_units_of_work_are_of_their_types(self):
        self.begin_import()
        unit, = self.claim()
        self.check(work.Unit, unit)
        self.check(work.Advanced, self.work.advance(
            self.admin, work_id=unit['id'], attempt=unit['attempt'],
            progress=base.PROGRESS))
        self.check(work.Kept, self.work.kept(
            self.admin, work_id=unit['id'], attempt=unit['attempt'],
            image_id=self.image['id']))
        self.run_out_leases()
        self.check(list[work.Unit], self.claim())


class Inner(typing.TypedDict):
    number: int
    more: typing.NotRequired[str | None]


class Outer(typing.TypedDict, total=False):
    inner: list[Inner]
    by_name: dict[str, bool]
    anything: typing.Any
    pair: tuple[str, int]
    kind: typing.Literal['a', 'b']


class TestProblems(oslo_base.BaseTestCase):

    def check(self, value, *texts):
        found = shapes.problems(value, Outer)
        self.assertEqual(len(texts), len(found), found)
        for text, one in zip(texts, found):
            self.assertIn(text, one)

    def test_right_values_have_no_problem(self):
        self.check({})
        self.check({'inner': [{'number': 1}, {'number': 2, 'more': None}],
                    'by_name': {'a': True}, 'anything': {'b': 1.5},
                    'pair': ('a', 1), 'kind': 'b'})

    def test_each_wrong_value_is_told_with_its_path(self):
        self.check({'other': 1}, 'other is not in Outer')
        self.check({'inner': [{}]}, 'answer.inner[0]: number is missing')
        self.check({'inner': [{'number': True}]}, 'True is no')
        self.check({'inner': [{'number': 1, 'more': 2}]}, '.more: 2 is no')
        self.check({'by_name': {'a': 1}}, 'answer.by_name[a]: 1 is no')
        self.check({'pair': ['a', 'b']}, "answer.pair[1]: 'b' is no")
        self.check({'pair': ['a']}, "answer.pair: ['a'] is no tuple")
        self.check({'kind': 'c'}, "answer.kind: 'c' is none of")
        self.check({'inner': {}}, '{} is no list')
        self.check([], '[] is no Outer')
