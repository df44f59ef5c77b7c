"""What a download costs when the image is in the cache."""

from tests.functional.cache import base
from tests.functional.http import test_costs


class TestCosts(base.TestCase):

    def test_a_hit_asks_once_and_tells_once(self):
        """The image is asked for, since the policy decides on it; nothing
        else is waited for.
        """
        self.cached()
        on_hit = self.cache.on_hit
        self.cache.on_hit = None
        messages = self.useFixture(test_costs.Messages())
        with self.service.database.statements() as seen:
            self.download()
        self.cache.on_hit = on_hit
        self.assertEqual(['images.get_many', 'events.images_sent'],
                         messages.names)
        self.assertLessEqual(len(seen), 1, '\n'.join(seen))
