#!/usr/bin/env python3
"""test_figures.py - the arithmetic of the bench, which no figure can be better than."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../bench'))

from race import contest, figures, load  # noqa: E402  (found by the line above)


def sample(answers=100, seconds=1.0, p50=1.0, p99=2.0, cpu=0.5, generator=0.1):
    return figures.Sample(answers, seconds, p50, p99, cpu, generator, 10.0, 11.0)


class Samples(unittest.TestCase):
    def test_it_divides_answers_by_the_time_they_took(self):
        self.assertEqual(sample(answers=300, seconds=1.5).per_s, 200)

    def test_it_divides_the_cpu_of_the_server_by_the_answers(self):
        self.assertAlmostEqual(sample(answers=1000, cpu=0.05).cpu_us, 50)

    def test_it_says_how_much_of_a_processor_the_generator_took(self):
        self.assertAlmostEqual(sample(seconds=2.0, generator=1.5).generator_load, 0.75)


class Medians(unittest.TestCase):
    def test_it_takes_the_middle_of_an_odd_count_whatever_the_order(self):
        s = figures.summarise([sample(answers=n) for n in (900, 100, 300)])
        self.assertEqual((s.per_s, s.least_per_s, s.most_per_s), (300, 100, 900))

    def test_it_takes_the_mean_of_the_middle_two_of_an_even_count(self):
        self.assertEqual(figures.summarise([sample(answers=n) for n in (100, 200, 400, 1000)]).per_s, 300)

    def test_it_takes_the_median_of_each_figure_apart(self):
        s = figures.summarise([sample(p50=1, p99=9), sample(p50=2, p99=8), sample(p50=3, p99=7)])
        self.assertEqual((s.p50_ms, s.p99_ms), (2, 8))

    def test_it_refuses_to_summarise_nothing(self):
        with self.assertRaises(ValueError):
            figures.summarise([])


class Ratios(unittest.TestCase):
    def test_it_compares_neighbours_in_time(self):
        # The machine halves its speed for the second round: both halve, the ratio stays.
        ours, theirs = [sample(answers=800), sample(answers=400)], [sample(answers=100), sample(answers=50)]
        self.assertEqual(figures.ratio(ours, theirs), 8)

    def test_it_takes_the_median_of_ratios_and_not_the_ratio_of_medians(self):
        ours, theirs = [sample(answers=n) for n in (10, 20, 90)], [sample(answers=n) for n in (10, 5, 10)]
        self.assertEqual(figures.ratio(ours, theirs), 4)
        self.assertEqual(figures.summarise(ours).per_s / figures.summarise(theirs).per_s, 2)

    def test_it_refuses_another_count_of_rounds(self):
        with self.assertRaises(ValueError):
            figures.ratio([sample()], [sample(), sample()])

    def test_it_refuses_no_rounds(self):
        with self.assertRaises(ValueError):
            figures.ratio([], [])


class Tables(unittest.TestCase):
    def test_it_lays_the_first_column_left_and_the_others_right(self):
        self.assertEqual(figures.table(('name', 'n'), [('a', '100'), ('long one', '5')]).split('\n'),
                         ['name        n', '--------  ---', 'a         100', 'long one    5'])


class Shapes(unittest.TestCase):
    def test_it_divides_requests_in_flight_into_streams_of_few_connections(self):
        for in_flight in contest.IN_FLIGHT:
            connections, streams = load.h2_shape(in_flight)
            self.assertEqual(connections * streams, in_flight)
            self.assertLessEqual(streams, load.STREAMS)


if __name__ == '__main__':
    unittest.main()
