"""Which changes of an image's status there are, said once more."""

import itertools

from oslotest import base

from glance.common import exceptions
from glance.objects import states

# old: new ones, as users know them
ALLOWED = {
    'queued': 'saving uploading importing active deleted',
    'saving': 'active queued killed deleted',
    'uploading': 'importing queued deleted',
    'importing': 'active queued deleted',
    'active': 'deactivated pending_delete deleted',
    'deactivated': 'active pending_delete deleted',
    'killed': 'deleted',
    'pending_delete': 'active deleted',
    'deleted': '',
}


class TestCheck(base.BaseTestCase):

    def test_these_changes_are_allowed_and_no_other(self):
        self.assertEqual(set(ALLOWED), set(states.TRANSITIONS))
        for old, new in itertools.product(ALLOWED, ALLOWED):
            if new in ALLOWED[old].split():
                states.check(old, new)
            else:
                self.assertRaises(exceptions.InvalidStatusTransition,
                                  states.check, old, new)

    def test_what_is_no_status_changes_to_nothing(self):
        for status in ALLOWED:
            self.assertRaises(exceptions.InvalidStatusTransition,
                              states.check, 'unknown', status)
            self.assertRaises(exceptions.InvalidStatusTransition,
                              states.check, status, 'unknown')


class TestNames(base.BaseTestCase):

    def test_schemas_have_them_in_this_order(self):
        self.assertEqual(
            'queued saving active killed deleted uploading importing '
            'pending_delete deactivated', ' '.join(states.TRANSITIONS))
        self.assertEqual('pending accepted rejected',
                         ' '.join(states.MEMBERS))
        self.assertEqual('pending processing success failure',
                         ' '.join(states.TASKS))
