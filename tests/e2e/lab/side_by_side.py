"""Scenarios that spend most of their time waiting -> a test for each, while they run side by side.
"""

import concurrent.futures
import unittest

_LONGEST = 200  # seconds


class SideBySide(unittest.TestCase):
    """A subclass names its `scenarios`, {name: function}. Each is called with a TestCase, for its
    assertions, in a thread of its own, and has one test, named after it."""

    scenarios = {}
    at_once = 6

    def __init_subclass__(cls):
        super().__init_subclass__()
        for name in cls.scenarios:
            setattr(cls, "test_" + name.replace(",", "").replace(" ", "_").lower(), _test(name))

    @classmethod
    def setUpClass(cls):
        pool = concurrent.futures.ThreadPoolExecutor(cls.at_once)
        cls.addClassCleanup(pool.shutdown, cancel_futures=True)
        checks = unittest.TestCase()
        cls.outcomes = {name: pool.submit(run, checks) for name, run in cls.scenarios.items()}


def _test(name):
    def test(self):
        self.outcomes[name].result(_LONGEST)
    test.__doc__ = name
    return test
