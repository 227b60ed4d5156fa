"""Stock adjustments, and the reservations of the order service, over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from inventory import metrics, services
from inventory.balances import balances
from inventory.models import Reservation, StockAdjustment
from inventory.protocol import Desired
from inventory.serializers import (
    BalanceSerializer,
    DesiredBatchSerializer,
    ReservationSerializer,
    SettledBatchSerializer,
    StockAdjustmentInputSerializer,
    StockAdjustmentSerializer,
)
from products.models import Product
from service_kit.auth.authentication import caller_of
from service_kit.contract.parameters import IDEMPOTENCY_KEY, REPLAYED_HEADER
from service_kit.rest.idempotency import REPLAYED, idempotency_key
from service_kit.rest.responses import answer
from service_kit.rest.views import ListView, ResourceView

EDIT_CATALOGUE = "catalog:write"
SETTLE = "reservations:write"


class StockAdjustmentListView(ListView[StockAdjustment]):
    required_scopes = {"GET": EDIT_CATALOGUE, "POST": EDIT_CATALOGUE}
    problems = {"POST": ["insufficient-stock", "idempotency-key-reused"]}
    serializer_class = StockAdjustmentSerializer
    queryset = StockAdjustment.objects.all()

    @extend_schema(operation_id="list_stock_adjustments", responses=StockAdjustmentSerializer(many=True))
    def get(self, request: Request, product_id: int) -> HttpResponse:
        """List why a product has the stock that it has, latest first. Reservations are not in this ledger."""
        product = Product.objects.one(product_id)

        adjustments = self.filter_queryset(self.get_queryset().filter(product=product))
        page = self.paginate_queryset(adjustments)
        return self.get_paginated_response(StockAdjustmentSerializer.show_all(page))

    @extend_schema(
        operation_id="adjust_stock",
        request=StockAdjustmentInputSerializer,
        responses={201: StockAdjustmentSerializer},
        parameters=[IDEMPOTENCY_KEY, REPLAYED_HEADER],
    )
    def post(self, request: Request, product_id: int) -> HttpResponse:
        """Add to a product's stock, or take from it, for a reason."""
        key = idempotency_key(request)
        body = StockAdjustmentInputSerializer.parse(request.data)

        adjustment, is_replay = services.adjust_stock(
            product_id=product_id, subject=caller_of(request).subject, idempotency_key=key, **body
        )

        headers = {REPLAYED: "true"} if is_replay else {}
        return answer(StockAdjustmentSerializer.show(adjustment), status=201, headers=headers)


class ReservationListView(ListView[Reservation]):
    required_scopes = {"GET": SETTLE, "POST": SETTLE}
    serializer_class = ReservationSerializer
    queryset = Reservation.objects.all()
    default_ordering = "id"

    @extend_schema(operation_id="list_reservations", responses=ReservationSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List all reservations, in order of their ids."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))

        return self.get_paginated_response(ReservationSerializer.show_all(page))

    @extend_schema(
        operation_id="put_reservations", request=DesiredBatchSerializer, responses={200: SettledBatchSerializer}
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Settle desired quantities, each only if its revision is newer than the one known, in one transaction.

        May be repeated: the same revision is answered with the same outcome, an older one with `stale-revision`.
        """
        body = DesiredBatchSerializer.parse(request.data)

        desired = [Desired(**item) for item in body["reservations"]]
        settled = services.settle_reservations(desired=desired)
        metrics.settled(settled)

        return answer(SettledBatchSerializer.show({"reservations": settled}))


class ReservationView(ResourceView):
    required_scopes = {"GET": SETTLE}

    @extend_schema(operation_id="get_reservation", responses=ReservationSerializer)
    def get(self, request: Request, reservation_id: UUID) -> HttpResponse:
        """Read a reservation."""
        return answer(ReservationSerializer.show(Reservation.objects.one(reservation_id)))


class BalanceListView(ListView[Product]):
    required_scopes = {"GET": SETTLE}
    serializer_class = BalanceSerializer
    default_ordering = "id"

    def get_queryset(self) -> QuerySet[Product]:
        return balances()

    @extend_schema(operation_id="list_balances", responses=BalanceSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List what came of each product, what is left of it and what is held, in order of the products' ids."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))

        return self.get_paginated_response(BalanceSerializer.show_all(page))
