"""Work that commits by itself is refused where something else would have to commit it."""

import pytest
from django.db import transaction

from service_kit.database.transactions import refuse_open_transaction


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_is_refused_at_any_depth_and_without_one_it_is_allowed() -> None:
    refuse_open_transaction()
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        refuse_open_transaction()
    with transaction.atomic(), transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        refuse_open_transaction()


@pytest.mark.django_db
def test_the_transaction_of_a_test_is_allowed_and_one_within_it_is_not() -> None:
    refuse_open_transaction()

    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        refuse_open_transaction()
