"""Each operation with each status, on a running service."""

from oslotest import base as test_base

from tests.contract import answers
from tests.contract import cases
from tests.contract.cases import base
from tests.contract import contract
from tests.contract import world


class Operations:

    is_plain = False

    def setUp(self):
        super().setUp()
        self.world = self.useFixture(world.World(self.make_service()))

    def test_each_case_gets_the_answer_of_the_contract(self):
        wrong = []
        for case in cases.all_cases():
            if case.request.get('plain', False) == self.is_plain:
                answer = self.world.send(case)
                wrong += ['%s %s: %s' % (case.row, case.request, problem)
                          for problem in answers.problems(case, answer)]
        self.assertEqual('', '\n'.join(wrong))


class TestSeveral(Operations, test_base.BaseTestCase):

    def make_service(self):
        return world.Several(conductor=False)


class TestPlain(Operations, test_base.BaseTestCase):

    is_plain = True

    def make_service(self):
        return world.Plain(conductor=False)

    def test_bodies_of_errors(self):
        """What an error looks like is for the client to choose."""
        known = contract.load('routes')['common']['error_body']
        seen = {}
        for accept in ('*/*', 'text/html', 'application/json', 'text/plain',
                       ''):
            answer = self.world.send(base.Case(
                'GET /v2/images/{image_id} 404', contract.operations()[0],
                404, {'path': '/v2/images/none',
                      'headers': {'Accept': accept}}))
            seen[accept] = answer.headers.get_content_type()
        self.assertEqual(3, len(known))
        self.assertEqual(
            # HTML of old; now it is for who names it
            {'*/*': 'text/plain', 'text/html': 'text/html',
             'application/json': 'application/json',
             'text/plain': 'text/plain', '': 'text/plain'}, seen)
