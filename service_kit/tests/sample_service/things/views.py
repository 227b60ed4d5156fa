"""Things over HTTP."""

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.views import APIView

from service_kit.auth.permissions import ANYONE
from service_kit.rest.responses import answer
from things.errors import NameTaken, ThingNotFound
from things.filters import ThingFilters
from things.models import Thing
from things.serializers import ThingInputSerializer, ThingSerializer

WRITE = "things:write"


class ThingListView(GenericAPIView[Thing]):
    required_scopes = {"GET": ANYONE, "POST": WRITE}
    problems = {"POST": ["name-taken"]}
    serializer_class = ThingSerializer
    filterset_class = ThingFilters
    ordering_fields = ["name", "price", "created_at"]
    default_ordering = "name"

    def get_queryset(self) -> QuerySet[Thing]:
        return Thing.objects.all()

    @extend_schema(operation_id="list_things", responses=ThingSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:
        """List things."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ThingSerializer.show_all(page))

    @extend_schema(operation_id="create_thing", request=ThingInputSerializer, responses={201: ThingSerializer})
    def post(self, request: Request) -> HttpResponse:
        """Create a thing."""
        body = ThingInputSerializer.parse(request.data)
        if Thing.objects.filter(name=body["name"]).exists():
            raise NameTaken(body["name"])
        return answer(ThingSerializer.show(Thing.objects.create(**body)), status=201)


class ThingView(APIView):
    required_scopes = {"GET": ANYONE}

    @extend_schema(operation_id="get_thing", responses=ThingSerializer)
    def get(self, request: Request, thing_id: int) -> HttpResponse:
        """Read a thing."""
        thing = Thing.objects.filter(pk=thing_id).first()
        if thing is None:
            raise ThingNotFound(thing_id)
        return answer(ThingSerializer.show(thing))
