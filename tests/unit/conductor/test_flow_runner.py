"""Flows: on from where they were left, or back."""

import time
from unittest import mock

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conf import CONF


class Step(flow_runner.Step):

    can_start_again = True

    def __init__(self, name, story, error=None):
        self.name, self._story, self._error = name, story, error

    def execute(self, job):
        self._story.append('+' + self.name)
        if self._error is not None:
            raise self._error

    def revert(self, job):
        self._story.append('-' + self.name)


class TestEngine(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.conf.config(group='work', max_tries=3, retry_interval=10,
                         retry_interval_max=30)
        self.registry = mock.Mock()
        self.answer = {'cancelled': False, 'gone': False}
        self.registry.work.advance.side_effect = (
            lambda *args, **kwargs: dict(self.answer))
        self.story = []

    def job(self, progress=None, host=None, **given):
        return jobs.Job(context.internal(), self.registry, None, {
            'id': 'w', 'kind': 'k', 'attempt': 2, 'input': given,
            'image_id': 'i', 'progress': progress, 'host': host})

    def run_flow(self, job=None, **errors):
        job = job or self.job()
        flow_runner.run(job, [Step(name, self.story, errors.get(name))
                              for name in 'abc'])
        return job

    def noted(self):
        """What was noted last."""
        return self.registry.work.advance.call_args.args[3]

    def reason(self):
        return self.registry.tasks.fail.call_args.args[3]

    def test_all_steps_run_and_the_task_is_finished(self):
        self.run_flow()
        self.assertEqual(['+a', '+b', '+c'], self.story)
        self.assertEqual('end', self.noted()['next'])
        self.registry.tasks.finish.assert_called_once()
        self.registry.tasks.fail.assert_not_called()

    def test_from_where_it_was_left(self):
        self.run_flow(self.job({'next': 'b'}))
        self.assertEqual(['+b', '+c'], self.story)

    def test_after_the_last_step(self):
        self.run_flow(self.job({'next': 'end'}))
        self.assertEqual([], self.story)
        self.registry.tasks.finish.assert_called_once()

    def test_what_turns_back_at_its_end_undoes_every_step(self):
        self.run_flow(self.job({'next': 'end', 'reason': 'no'}))
        self.assertEqual(['-c', '-b', '-a'], self.story)
        self.assertEqual('no', self.reason())

    def test_an_error_undoes_the_steps_so_far(self):
        self.run_flow(b=exceptions.Conflict('no'))
        self.assertEqual(['+a', '+b', '-b', '-a'], self.story)
        self.assertEqual('no', self.reason())
        self.registry.tasks.finish.assert_not_called()

    def test_further_back(self):
        self.run_flow(self.job({'next': 'a', 'reason': 'before'}))
        self.assertEqual(['-a'], self.story)
        self.assertEqual('before', self.reason())

    def test_unexpected_errors_tell_nothing(self):
        self.run_flow(c=ValueError('secret'))
        self.assertEqual(['+a', '+b', '+c', '-c', '-b', '-a'], self.story)
        self.assertNotIn('secret', self.reason())

    def test_tried_again(self):
        self.run_flow(b=exceptions.StoreUnavailable())
        self.assertEqual(['+a', '+b'], self.story)
        arguments = self.registry.work.hand_back.call_args.args
        self.assertEqual(('b', 1, 10), (
            arguments[3]['next'], arguments[3]['tries'], arguments[5]))

    def test_only_what_may_pass_is_tried_again(self):
        for error, may_pass in ((exceptions.GlanceError(), True),
                                (exceptions.StoreUnavailable(), True),
                                (exceptions.InUseByStore(), True),
                                (exceptions.Conflict(), False),
                                (exceptions.NotFound(), False)):
            self.assertIs(may_pass, flow_runner.may_pass(error), error)

    def test_what_turned_it_back_does_not_stop_the_way_back(self):
        job = self.job()
        job.stop(exceptions.Conflict('cancelled'))
        job.turn_back('cancelled')
        job.check()

    def test_a_conductor_that_ends_stops_the_way_back_as_well(self):
        job = self.job()
        job.stop(claims.Draining())
        job.turn_back('no')
        self.assertRaises(claims.Draining, job.check)

    def test_pauses_grow(self):
        for tries, pause in ((0, 10), (1, 20), (1, 20)):
            self.run_flow(self.job({'next': 'b', 'tries': tries}),
                          b=exceptions.StoreUnavailable())
            self.assertEqual(pause, self.registry.work.hand_back
                             .call_args.args[5])

    def test_not_for_ever(self):
        self.run_flow(self.job({'next': 'b', 'tries': 2}),
                      b=exceptions.StoreUnavailable('away'))
        self.assertEqual(['+b', '-b', '-a'], self.story)
        self.assertEqual('away', self.reason())

    def test_a_step_that_kills_its_conductor(self):
        self.run_flow(self.job({'next': 'b', 'tries': 3, 'step': 'b'}))
        self.assertEqual(['-b', '-a'], self.story)
        self.assertIn('3 tries', self.reason())

    def test_what_is_undone_is_tried_for_ever(self):
        step = Step('a', self.story)
        step.revert = mock.Mock(side_effect=exceptions.StoreUnavailable())
        job = self.job({'next': 'a', 'reason': 'no', 'tries': 50})
        flow_runner.run(job, [step])
        self.assertEqual(30, self.registry.work.hand_back.call_args.args[5])
        self.registry.tasks.fail.assert_not_called()

    def test_a_cancelled_flow_goes_back_at_once(self):
        self.answer['cancelled'] = True
        self.run_flow()
        self.assertEqual(['-a'], self.story)
        self.assertIn('cancelled', self.reason())

    def test_too_late_to_cancel(self):
        self.answer['cancelled'] = True
        for state in ({'stored': {'fast': 'url', 'cold': 'url'}},
                      {'stored': {'fast': 'url'}, 'active': True},
                      {'saved': True}):
            self.run_flow(self.job({'next': 'c', 'state': state},
                                   stores=['fast', 'cold']))
            self.assertEqual('+c', self.story.pop())
            self.registry.tasks.finish.assert_called_once()
            self.registry.tasks.finish.reset_mock()
            self.assertIs(True, self.noted()['final'])

    def test_not_too_late_to_cancel(self):
        for state in ({}, {'stored': {'fast': 'url'}}):
            self.run_flow(self.job({'next': 'c', 'state': state},
                                   stores=['fast', 'cold']))
            self.assertIs(False, self.noted()['final'])

    def test_image_deleted(self):
        self.answer['gone'] = True
        self.run_flow()
        self.assertIn('deleted', self.reason())

    def test_lease_lost(self):
        self.assertRaises(exceptions.LeaseLost, self.run_flow,
                          b=exceptions.LeaseLost())
        self.assertEqual(['+a', '+b'], self.story)
        self.registry.tasks.fail.assert_not_called()
        self.registry.work.hand_back.assert_not_called()

    def test_handed_over(self):
        job = self.job()
        self.assertRaises(claims.Draining, self.run_flow, job,
                          b=claims.Draining())
        # That was no try.
        self.assertEqual(('b', 0), (job.progress()['next'],
                                    job.progress()['tries']))

    def test_steps_of_another_release(self):
        self.run_flow(self.job({'next': 'unknown'}))
        self.assertEqual([], self.story)
        self.assertIn('release', self.reason())

    def test_stores_that_failed(self):
        self.run_flow(self.job(
            {'next': 'b', 'state': {'stored': {'fast': 'url'}}},
            stores=['fast', 'cold']), b=exceptions.Conflict())
        self.assertEqual(['cold'],
                         self.registry.tasks.fail.call_args.args[4])

    def test_no_answer_to_a_write(self):
        write = mock.Mock(side_effect=exceptions.RegistryUnavailable())
        job = self.job()
        self.assertRaises(jobs.OutcomeUnknown, job.write, write)

    def test_refused_write(self):
        write = mock.Mock(side_effect=exceptions.Gone())
        self.assertRaises(exceptions.Gone, self.job().write, write)

    def test_nothing_is_noted_after_a_write_without_answer(self):
        """The lease runs out, and the next claim finds what is true."""
        job = self.job({'next': 'b'})
        job.state['stored'] = {'fast': 'url'}
        self.assertRaises(jobs.OutcomeUnknown, job.write, mock.Mock(
            side_effect=exceptions.RegistryUnavailable()))
        job.lease.renew()
        self.assertRaises(jobs.OutcomeUnknown, job.save)
        self.assertRaises(jobs.OutcomeUnknown, self.run_flow, job,
                          b=exceptions.StoreUnavailable())
        self.registry.work.advance.assert_not_called()
        self.registry.work.renew.assert_not_called()
        self.registry.work.hand_back.assert_not_called()

    def test_handed_back_after_a_write_without_answer(self):
        job = self.job()

        def fail():
            self.assertRaises(jobs.OutcomeUnknown, job.write, mock.Mock(
                side_effect=exceptions.RegistryUnavailable()))
            raise exceptions.StoreUnavailable()
        step = Step('a', self.story)
        step.execute = lambda job: fail()
        self.assertRaises(jobs.OutcomeUnknown, flow_runner.run, job, [step])
        self.registry.work.hand_back.assert_not_called()

    def test_no_sign_of_life_after_the_work_was_handed_back(self):
        """It would keep the work from others for another lease."""
        job = self.run_flow(b=exceptions.StoreUnavailable())
        self.registry.work.hand_back.assert_called_once()
        calls = self.registry.work.advance.call_count
        job.lease.renewed(time.monotonic() - CONF.work.lease)
        job.lease.renew()
        self.assertEqual(calls, self.registry.work.advance.call_count)
        self.registry.work.renew.assert_not_called()

    def test_a_sign_of_life_that_fails(self):
        job = self.job()
        self.registry.work.renew.side_effect = exceptions.LeaseLost()
        job.lease.renewed(time.monotonic() - CONF.work.lease)
        job.lease.renew()
        self.assertIsInstance(job.stopped(), exceptions.LeaseLost)
