              '%.1f s' % (len(ended), sum(life.refusals for life in lives),
                          max(waits), recovered))
        self.assertLess(max(waits), 1)
