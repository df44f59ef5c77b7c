"""What is said of a consumer comes to the same in any order."""

import itertools

import hypothesis
from hypothesis import strategies as st
from oslotest import base

from glance.db.usage import merging

A, B, C = 'a', 'b', 'c'


def say(at, image, is_gone=False, project='p'):
    return {'at_ms': at, 'kind': 'server', 'id': 'x', 'project_id': project,
            'image_id': image, 'is_gone': is_gone}


def outcome(*batches):
    known = {}
    for batch in batches:
        known = merging.merge(known, batch)
    return known, merging.ends(known)


_SAID = st.lists(st.builds(
    say, st.integers(1, 9), st.sampled_from([A, B, C, None]), st.booleans(),
    st.sampled_from(['p', 'q', None])), min_size=1, max_size=8)


class MergingTest(base.BaseTestCase):

    @hypothesis.given(_SAID, st.data())
    def test_order_and_number_do_not_matter(self, said, data):
        told = data.draw(st.permutations(
            said + data.draw(st.lists(st.sampled_from(said)))))
        cut = data.draw(st.integers(0, len(told)))
        self.assertEqual(outcome(said), outcome(told[:cut], told[cut:]))
        self.assertEqual(outcome(said), outcome(*([one] for one in told)))

    @hypothesis.given(_SAID)
    def test_one_image_at_most_is_in_use(self, said):
        known, ends = outcome(said)
        going_on = [image for image, end in ends.items() if end is None]
        self.assertLessEqual(len(going_on), 1)
        if any(one['is_gone'] for one in said):
            self.assertEqual([], going_on)
        for image, end in ends.items():
            self.assertGreaterEqual(
                known[image].seen_ms if end is None else end,
                known[image].since_ms)

    def ends(self, *said):
        """The outcome, which is that of each order."""
        found = outcome(said)[1]
        for order in itertools.permutations(said):
            self.assertEqual(found, outcome(order)[1])
        return found

    def test_a_use_goes_on(self):
        self.assertEqual({A: None}, self.ends(say(1, A), say(5, A)))

    def test_a_rebuild_ends_the_use_of_the_image_before(self):
        self.assertEqual({A: 5, B: None}, self.ends(
            say(1, A), say(3, A), say(5, B), say(7, B)))

    def test_a_return_to_the_image_before(self):
        known, ends = outcome([say(1, A), say(3, B), say(5, A), say(4, B)])
        self.assertEqual({A: None, B: 4}, ends)
        self.assertEqual((1, 5), known[A][:2])

    def test_a_delete_is_final(self):
        self.assertEqual({A: 5}, self.ends(say(1, A), say(5, A, True),
                                           say(6, A)))
        self.assertEqual({A: 5, '': 5}, self.ends(say(1, A),
                                                  say(5, None, True)))

    def test_the_first_delete_counts(self):
        self.assertEqual({A: 5}, self.ends(
            say(1, A), say(5, A, True), say(9, A, True)))

    def test_no_use_ends_before_it_begins(self):
        self.assertEqual({A: 7, '': 5}, self.ends(say(7, A),
                                                  say(5, None, True)))

    def test_resting_on_none_ends_the_use(self):
        self.assertEqual({A: 5, '': 5}, self.ends(say(1, A), say(5, None)))
        self.assertEqual({A: None, '': 5}, self.ends(say(6, A),
                                                     say(5, None)))

    def test_the_newest_project_counts(self):
        for order in itertools.permutations(
                [say(1, A, project='p'), say(3, A, project='q'),
                 say(2, A, project='r')]):
            self.assertEqual('q', outcome(order)[0][A].project_id)
