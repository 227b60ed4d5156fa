"""HTTP in, one service call, HTTP out."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contenders.monolith.serializers import OrderSerializer, PlaceOrderSerializer
from contenders.monolith.services import place_order


class OrderListView(APIView):
    def post(self, request: Request) -> Response:
        body = PlaceOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)

        order = place_order(**body.validated_data)

        return Response(OrderSerializer(order).data, status=201)
