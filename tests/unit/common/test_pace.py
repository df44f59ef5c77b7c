"""Who is too slow for too long."""

from oslotest import base

from glance.common import pace


class TestPace(base.BaseTestCase):

    def test_fast_enough(self):
        one = pace.Pace(100, 10)
        for _each in range(1000):
            one.took(1, 100)

    def test_too_slow(self):
        one = pace.Pace(100, 10)
        for _each in range(11):
            one.took(1, 10)
        self.assertRaises(pace.TooSlow, one.took, 1, 10)

    def test_speed_is_no_credit_for_ever(self):
        one = pace.Pace(100, 10)
        one.took(1, 10 ** 12)
        one.took(9, 1)
        self.assertRaises(pace.TooSlow, one.took, 2, 1)

    def test_silence_is_made_good_by_a_burst(self):
        one = pace.Pace(100, 10)
        for _each in range(100):
            one.took(10, 1000)

    def test_a_rate_of_zero_allows_any_silence(self):
        one = pace.Pace(0, 10)
        for _each in range(100):
            one.took(10 ** 6, 0)
