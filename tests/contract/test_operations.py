"""Each operation with each status, on a running service."""

from oslotest import base

from tests.contract import answers
from tests.contract import cases
from tests.contract import world


class Operations:

    is_plain = False

    def setUp(self):
        super().setUp()
        self.world = self.useFixture(world.World(self.make_service()))

    def test_all(self):
        wrong = []
        for case in cases.all_cases():
            if case.request.get('plain', False) == self.is_plain:
                answer = self.world.send(case)
                wrong += ['%s %s: %s' % (case.row, case.request, problem)
                          for problem in answers.problems(case, answer)]
        self.assertEqual('', '\n'.join(wrong))


class TestSeveral(Operations, base.BaseTestCase):

    def make_service(self):
        return world.Several(conductor=False)


class TestPlain(Operations, base.BaseTestCase):

    is_plain = True

    def make_service(self):
        return world.Plain(conductor=False)
