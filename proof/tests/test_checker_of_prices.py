"""The checker finds prices and names that a product did not have when its units were taken."""

from tests.forged import Forged, ok, shown


def test_a_price_that_was_over_before_the_request_is_found() -> None:
    run = Forged()
    number = run.request(1.0, "edit-product", ok(), product_id=1, price="30.00")
    run.place(2.0, ok(shown(1, unit_price="19.90")))

    (found,) = run.violations()

    assert found.invariant == "price-never-valid"
    assert "30.00" in found.message
    assert any(f"#{number} " in line for line in found.piece)


def test_a_price_that_came_after_the_answer_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1, unit_price="30.00")))
    run.request(2.0, "edit-product", ok(), product_id=1, price="30.00")

    assert run.broken() == {"price-never-valid"}


def test_more_units_at_a_price_that_was_over_before_the_request_are_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.request(2.0, "edit-product", ok(), product_id=1, price="30.00")
    run.change(3.0, 5)

    (found,) = run.violations()

    assert found.invariant == "held-at-an-old-price"
    assert "30.00" in found.message


def test_more_units_while_the_price_is_edited_may_have_either() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1)))
    run.request(2.0, "edit-product", ok(), product_id=1, price="30.00", takes=1.0)
    run.change(2.5, 5)

    assert run.broken() == set()


def test_units_that_were_held_before_the_edit_keep_their_price() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1, quantity=6)), quantity=6)
    run.change(1.5, 2)
    run.request(2.0, "edit-product", ok(), product_id=1, price="30.00")
    run.change(3.0, 5)

    assert run.broken() == set()


def test_a_name_that_the_product_never_had_is_found() -> None:
    run = Forged()
    run.place(1.0, ok(shown(1, product_name="Table")))

    assert run.broken() == {"price-never-valid"}
