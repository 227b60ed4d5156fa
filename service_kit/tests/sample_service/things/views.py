"""Things over HTTP."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from service_kit.auth.permissions import ANYONE
from service_kit.contract.parameters import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, REPLAYED_HEADER
from service_kit.database.rows import read_row
from service_kit.rest.idempotency import idempotency_key
from service_kit.rest.preconditions import answer_read, condition_of_change, state_of
from service_kit.rest.responses import answer
from service_kit.rest.views import ListView, ResourceView
from things.errors import NameTaken, ThingChanged, ThingNotFound
from things.filters import ThingFilters
from things.models import Thing
from things.serializers import ThingChangeSerializer, ThingInputSerializer, ThingSerializer

WRITE = "things:write"


def _one(thing_id: int) -> Thing:
    thing = read_row(Thing, thing_id)
    if thing is None:
        raise ThingNotFound(thing_id)
    return thing


class ThingListView(ListView[Thing]):
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

    @extend_schema(
        operation_id="create_thing",
        request=ThingInputSerializer,
        responses={201: ThingSerializer},
        parameters=[IDEMPOTENCY_KEY, REPLAYED_HEADER, ETAG],
    )
    def post(self, request: Request) -> HttpResponse:
        """Create a thing."""
        idempotency_key(request)  # what a service does with it is the service's
        body = ThingInputSerializer.parse(request.data)
        if Thing.objects.filter(name=body["name"]).exists():
            raise NameTaken(body["name"])
        shown = ThingSerializer.show(Thing.objects.create(**body))
        return answer(shown, status=201, headers={"ETag": state_of(shown).tag})


class ThingView(ResourceView):
    required_scopes = {"GET": ANYONE, "PATCH": WRITE, "DELETE": WRITE}
    conditional_methods = ("GET", "PATCH")

    @extend_schema(
        operation_id="get_thing",
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        responses={200: ThingSerializer, 304: None},
    )
    def get(self, request: Request, thing_id: int) -> HttpResponse:
        """Read a thing."""
        return answer_read(request, ThingSerializer.show(_one(thing_id)))

    @extend_schema(
        operation_id="change_thing",
        parameters=[IF_MATCH, IF_NONE_MATCH, ETAG],
        request=ThingChangeSerializer,
        responses=ThingSerializer,
    )
    def patch(self, request: Request, thing_id: int) -> HttpResponse:
        """Change a thing."""
        body = ThingChangeSerializer.parse(request.data, partial=True)
        thing = _one(thing_id)
        is_as_read = condition_of_change(request, ThingSerializer.show)
        if is_as_read is not None and not is_as_read(thing):
            raise ThingChanged
        Thing.objects.filter(pk=thing_id).update(**body, updated_at=timezone.now())
        shown = ThingSerializer.show(_one(thing_id))
        return answer(shown, headers={"ETag": state_of(shown).tag})

    @extend_schema(operation_id="delete_thing", responses={204: None})
    def delete(self, request: Request, thing_id: int) -> HttpResponse:
        """Delete a thing."""
        _one(thing_id).delete()
        return HttpResponse(status=204)
