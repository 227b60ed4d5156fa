"""The problem table of a service."""

from service_kit.testing.problem_checks import (
    test_a_slug_has_one_status_and_one_title,
    test_an_error_stands_in_one_row,
    test_the_table_has_every_error_of_the_domain_and_no_other,
)

__all__ = [
    "test_a_slug_has_one_status_and_one_title",
    "test_an_error_stands_in_one_row",
    "test_the_table_has_every_error_of_the_domain_and_no_other",
]
