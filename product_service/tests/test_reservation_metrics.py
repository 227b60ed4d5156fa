"""Settled reservations are counted by outcome, batch by batch."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from service_kit.testing.counting import Counting
from tests.world import RESERVATIONS, UNKNOWN_PRODUCT, add_product

pytestmark = pytest.mark.django_db


def test_a_batch_is_counted_by_the_outcomes_of_its_items(order_service: APIClient) -> None:
    lamp = add_product(stock=5).pk
    holds = [
        {"id": str(uuid4()), "product_id": product_id, "quantity": quantity, "revision": 1}
        for product_id, quantity in [(lamp, 2), (lamp, 3), (lamp, 1), (UNKNOWN_PRODUCT, 1), (lamp, 0)]
    ]
    counting = Counting()

    order_service.post(RESERVATIONS, {"reservations": holds})

    refused = {"insufficient-stock": 1, "product-not-found": 1}
    assert counting.of("reservations_settled_total") == {"held": 2, "released": 1, **refused}


def test_a_batch_that_is_refused_as_a_whole_is_not_counted(order_service: APIClient) -> None:
    counting = Counting()

    order_service.post(RESERVATIONS, {"reservations": []})

    assert counting.of("reservations_settled_total") == {}
