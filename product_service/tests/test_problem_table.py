"""The problem table: every error of the domain has its row, and its page."""

from service_kit.testing.problem_checks import *  # noqa: F403 - pytest finds the tests here
