"""Which identifiers mean the same thing."""

from oslotest import base

from glance.objects import ids

SMALL = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'
LARGE = SMALL.upper()
MIXED = '0F1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'
# What is nearly a UUID is a name as any other.
NAMES = ('Cirros', '', 'X' + LARGE, LARGE + 'X', LARGE + '\n', LARGE[:-1],
         LARGE.replace('-', ''), LARGE.replace('F', 'G'),
         '%s-AAAA-%s' % (LARGE[:8], LARGE[9:]))


class TestKept(base.BaseTestCase):

    def test_a_uuid_is_kept_in_small_letters(self):
        for text in SMALL, LARGE, MIXED:
            self.assertEqual(SMALL, ids.kept(text))

    def test_all_else_as_it_is_written(self):
        for name in NAMES:
            self.assertEqual(name, ids.kept(name))


class TestForms(base.BaseTestCase):

    def test_a_uuid_in_all_cases_as_it_is_written_first(self):
        self.assertEqual([MIXED, SMALL, LARGE], ids.forms(MIXED))
        self.assertEqual([SMALL, LARGE], ids.forms(SMALL))
        self.assertEqual([LARGE, SMALL], ids.forms(LARGE))

    def test_all_else_has_one_form(self):
        for name in NAMES:
            self.assertEqual([name], ids.forms(name))


class TestFind(base.BaseTestCase):

    def test_in_any_case(self):
        for kept in SMALL, LARGE:
            for text in SMALL, LARGE, MIXED:
                self.assertEqual('it', ids.find({kept: 'it'}, text))

    def test_as_it_is_written_before_other_cases(self):
        found = {SMALL: 'small', LARGE: 'large', MIXED: 'mixed'}
        for text in found:
            self.assertEqual(found[text], ids.find(found, text))

    def test_a_name_in_another_case_is_not_found(self):
        self.assertIsNone(ids.find({}, SMALL))
        self.assertIsNone(ids.find({'Cirros': 'it'}, 'cirros'))
