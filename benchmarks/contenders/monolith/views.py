"""HTTP in, one service call, HTTP out."""

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contenders.monolith.serializers import OrderSerializer, PlaceOrderSerializer


class OrderListView(APIView):
    place_order = staticmethod(import_string(settings.PLACE_ORDER))

    def post(self, request: Request) -> Response:
        body = PlaceOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)

        order = self.place_order(**body.validated_data)

        return Response(OrderSerializer(order).data, status=201)
