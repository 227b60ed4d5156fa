"""The protocol's load-bearing parts, each of which can be left out to see what breaks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Simplified:
    """What is left out of the protocol; nothing by default."""

    no_tombstone: bool = False
    no_revision: bool = False
    unknown_is_refused: bool = False
    refusal_not_remembered: bool = False
    unconditional_confirm: bool = False
    release_before_recording_the_cancel: bool = False
    expiring_reservations: bool = False
    no_idempotency_key: bool = False
    promise_an_increase_first: bool = False
    ask_a_decrease_first: bool = False
    ship_during_a_resize: bool = False
    refused_push_is_synced: bool = False
    select_then_update_of_stock: bool = False
    save_of_a_stale_product_row: bool = False
    more_units_at_an_old_price: bool = False
    deletion_while_calls_are_late: bool = False

    # Finer points, without which a restored database is repaired wrongly, or a revision gets two meanings.
    an_increase_asks_under_a_borrowed_revision: bool = False
    a_conflict_is_no_sign_of_a_restore: bool = False
    an_audit_compares_quantities_only: bool = False


PROTOCOL = Simplified()
