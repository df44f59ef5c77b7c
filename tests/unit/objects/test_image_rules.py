"""What the API and the registry both refuse, in the same words."""

import itertools

from oslotest import base

from glance.common import exceptions
from glance.objects import image_rules
from glance.objects import states


class TestCase(base.BaseTestCase):

    def is_refused(self, error, check, *args, **kwargs):
        try:
            check(*args, **kwargs)
        except error:
            return True
        return False

    def test_a_protected_image_cannot_be_deleted(self):
        image_rules.check_unprotected('i', False)
        error = self.assertRaises(exceptions.Forbidden,
                                  image_rules.check_unprotected, 'i', True)
        self.assertEqual('Image i is protected and cannot be deleted.',
                         error.message)

    def test_only_queued_and_active_images_may_be_located(self):
        self.assertEqual({'queued', 'active'}, {
            status for status in states.TRANSITIONS
            if not self.is_refused(exceptions.Conflict,
                                   image_rules.check_may_be_located, status)})

    def test_one_location_is_enough(self):
        image_rules.check_is_left(['one'])
        self.assertRaises(exceptions.Forbidden, image_rules.check_is_left, [])

    def test_a_limit_holds_for_what_is_new(self):
        for limit, count, is_more in itertools.product(
                (-1, 0, 2), (0, 1, 2, 3), (False, True)):
            is_over = limit >= 0 and count > limit
            self.assertEqual(is_over and is_more, self.is_refused(
                exceptions.LimitExceeded, image_rules.check_limit, 'tags',
                limit, count, is_more), (limit, count, is_more))

    def test_a_limit_says_what_it_is_and_what_was_tried(self):
        error = self.assertRaises(
            exceptions.LimitExceeded, image_rules.check_limit, 'tags', 2, 3,
            is_more=True)
        self.assertEqual(
            'The limit has been exceeded on the number of allowed image '
            'tags. Attempted: 3, Maximum: 2', error.message)
