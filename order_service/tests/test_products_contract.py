"""The fake products API and our client both keep to product_service's published contract."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from products_client import Outcome, ProductNotFound, ReservationNotFound, ReservationRequest
from products_stand_in.api import ADDRESS, TOKEN, FakeProductsApi
from tests.products_contract import COPY, ORIGINAL, BreachOfContract, ProductsContract, read_contract

PRODUCTS = "/api/v1/products/"
RESERVATIONS = "/internal/v1/reservations/"
ONE = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(scope="module")
def contract() -> ProductsContract:
    return read_contract()


@dataclass(frozen=True)
class Question:
    method: str
    path: str
    body: bytes | None = None
    token: str = TOKEN
    media_type: str = "application/json"


def ask(fake: FakeProductsApi, question: Question) -> tuple[httpx.Request, httpx.Response]:
    headers = {"Authorization": f"Bearer {question.token}", "Content-Type": question.media_type}
    request = httpx.Request(question.method, ADDRESS + question.path, content=question.body, headers=headers)
    return request, fake(request)


def batch(*items: ReservationRequest) -> bytes:
    return msgspec.json.encode({"reservations": items})


def put(fake: FakeProductsApi, *items: ReservationRequest) -> tuple[httpx.Request, httpx.Response]:
    return ask(fake, Question("POST", RESERVATIONS, batch(*items)))


def reserve(product_id: int, *, quantity: int = 2, revision: int = 1, id: UUID = ONE) -> ReservationRequest:  # noqa: A002 - the protocol's word
    return ReservationRequest(id=id, product_id=product_id, quantity=quantity, revision=revision)


@pytest.mark.skipif(not ORIGINAL.exists(), reason="product_service is not here; its contract is read from the copy")
def test_the_copy_of_the_contract_is_current() -> None:
    assert COPY.read_text() == ORIGINAL.read_text(), f"copy {ORIGINAL} to {COPY}"


def test_the_outcomes_that_we_know_are_those_of_the_contract(contract: ProductsContract) -> None:
    outcome = contract.schemas["Settled"]["properties"]["outcome"]["$ref"].rpartition("/")[2]

    assert contract.schemas[outcome]["enum"] == list(Outcome)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "stock"),
    [
        pytest.param(None, reserve(1), Outcome.HELD, 3, id="held"),
        pytest.param(reserve(1), reserve(1), Outcome.HELD, 3, id="held, repeated"),
        pytest.param(reserve(1), reserve(1, revision=2), Outcome.HELD, 3, id="held, as many at a later revision"),
        pytest.param(reserve(1), reserve(1, quantity=4, revision=2), Outcome.HELD, 1, id="held, more"),
        pytest.param(reserve(1), reserve(1, quantity=1, revision=2), Outcome.HELD, 4, id="held, fewer"),
        pytest.param(reserve(1), reserve(1, quantity=0, revision=2), Outcome.RELEASED, 5, id="released"),
        pytest.param(None, reserve(404, quantity=0, revision=2), Outcome.RELEASED, 5, id="released before it was held"),
        pytest.param(None, reserve(1, quantity=9), Outcome.INSUFFICIENT_STOCK, 5, id="too many"),
        pytest.param(reserve(1), reserve(1, quantity=9, revision=2), Outcome.INSUFFICIENT_STOCK, 3, id="too many more"),
        pytest.param(None, reserve(404), Outcome.PRODUCT_NOT_FOUND, 5, id="no such product"),
        pytest.param(reserve(1, quantity=0, revision=2), reserve(1), Outcome.STALE_REVISION, 5, id="late"),
        pytest.param(reserve(1), reserve(1, quantity=1), Outcome.REVISION_CONFLICT, 3, id="another quantity"),
        pytest.param(reserve(1), reserve(404, revision=2), Outcome.REVISION_CONFLICT, 3, id="another product"),
    ],
)
def test_every_outcome_is_as_the_contract_says(
    contract: ProductsContract,
    fake: FakeProductsApi,
    first: ReservationRequest | None,
    second: ReservationRequest,
    outcome: Outcome,
    stock: int,
) -> None:
    lamp = fake.add_product(stock=5)
    if first is not None:
        put(fake, first)

    request, response = put(fake, second)

    contract.check_response(request, response)
    [result] = response.json()["reservations"]
    assert result["outcome"] == outcome
    assert (fake.stock(lamp), fake.held(lamp)) == (stock, 5 - stock)


def test_a_refusal_is_remembered_when_goods_have_arrived(fake: FakeProductsApi) -> None:
    lamp = fake.add_product(stock=1)
    put(fake, reserve(lamp))
    fake.products[lamp].stock = 100

    _, response = put(fake, reserve(lamp))

    assert response.json()["reservations"][0]["outcome"] == Outcome.INSUFFICIENT_STOCK


def test_more_at_another_price_is_refused_as_the_contract_says(
    contract: ProductsContract, fake: FakeProductsApi
) -> None:
    lamp = fake.add_product(price="0.01", stock=5)
    put(fake, reserve(lamp))
    fake.products[lamp].price = "499.00"

    request, response = put(fake, reserve(lamp, quantity=3, revision=2))

    contract.check_response(request, response)
    [result] = response.json()["reservations"]
    assert (result["outcome"], result["quantity"], result["current_price"]) == (Outcome.PRICE_CHANGED, 2, "499.00")


@pytest.mark.parametrize(
    "path",
    [
        *(f"{PRODUCTS}1/", PRODUCTS, f"{PRODUCTS}?name=lamp&page_size=1", RESERVATIONS, f"{RESERVATIONS}?page_size=1"),
        *(f"{RESERVATIONS}?page_size=1&cursor=1", f"{RESERVATIONS}?page_size=1&cursor=2", f"{RESERVATIONS}{ONE}/"),
        *("/internal/v1/balances/", "/internal/v1/balances/?cursor=1"),
    ],
)
def test_every_read_is_as_the_contract_says(contract: ProductsContract, fake: FakeProductsApi, path: str) -> None:
    lamp = fake.add_product(name="Desk lamp")
    fake.add_product(name="Floor lamp")
    put(fake, reserve(lamp), reserve(404, id=uuid4()), reserve(lamp, id=uuid4(), quantity=0))

    request, response = ask(fake, Question("GET", path))

    contract.check_response(request, response)
    assert response.status_code == 200
    assert response.json().get("results", [...])


@pytest.mark.parametrize(
    ("status", "question"),
    [
        pytest.param(404, Question("GET", f"{PRODUCTS}404/"), id="unknown product"),
        pytest.param(400, Question("GET", f"{PRODUCTS}?colour=red"), id="unknown parameter"),
        pytest.param(400, Question("GET", f"{PRODUCTS}?cursor=x"), id="malformed cursor"),
        pytest.param(400, Question("GET", f"{PRODUCTS}?page_size=101"), id="too large a page"),
        pytest.param(400, Question("GET", f"{RESERVATIONS}?name=lamp"), id="a parameter of another list"),
        pytest.param(401, Question("GET", RESERVATIONS, token="forged"), id="listing without a token"),
        pytest.param(401, Question("POST", RESERVATIONS, token="forged"), id="reserving without a token"),
        pytest.param(400, Question("POST", RESERVATIONS, body=b"{"), id="no JSON"),
        pytest.param(400, Question("POST", RESERVATIONS, body=b'{"reservations": []}'), id="no reservations"),
        pytest.param(400, Question("POST", RESERVATIONS, body=b'{"reservations": [{}]}'), id="no fields"),
        pytest.param(400, Question("POST", RESERVATIONS, body=b'{"reservations": [], "x": 1}'), id="an unknown field"),
        pytest.param(400, Question("POST", RESERVATIONS, batch(reserve(1), reserve(1, revision=2))), id="one twice"),
        pytest.param(415, Question("POST", RESERVATIONS, media_type="text/plain"), id="not JSON"),
    ],
)
def test_every_refusal_is_a_problem_of_the_contract(
    contract: ProductsContract, fake: FakeProductsApi, status: int, question: Question
) -> None:
    request, response = ask(fake, question)

    contract.check_response(request, response)
    assert response.status_code == status


@pytest.mark.parametrize(("method", "path"), [("GET", PRODUCTS), ("GET", f"{PRODUCTS}1/"), ("POST", RESERVATIONS)])
def test_being_unavailable_is_a_problem_of_the_contract(
    contract: ProductsContract, fake: FakeProductsApi, method: str, path: str
) -> None:
    fake.unavailable = True

    request, response = ask(fake, Question(method, path))

    contract.check_response(request, response)
    assert response.status_code == 503


def test_every_call_of_the_client_is_in_the_contract(contract: ProductsContract, fake: FakeProductsApi) -> None:
    fake.page_limit = 1
    lamp = fake.add_product(name="Desk lamp")
    fake.add_product(name="Floor lamp")

    with fake.client() as client:
        client.get_product(lamp)
        client.find_products(name="lamp")
        client.put_reservations([reserve(lamp), reserve(lamp, id=uuid4())])
        list(client.iter_reservations())
        list(client.iter_balances())
        client.get_reservation(ONE)
        with pytest.raises(ProductNotFound):
            client.get_product(404)
        with pytest.raises(ReservationNotFound):
            client.get_reservation(uuid4())

    for request in fake.requests:
        contract.check_request(request)
    assert len(fake.requests) == 11


@pytest.mark.parametrize(
    "wrong",
    [
        *({"quantity": -1}, {"quantity": "2"}, {"outcome": "sold-out"}, {"unit_price": "cheap"}, {"product_name": 7}),
        *({"id": "1"}, {"colour": "red"}),
    ],
)
def test_a_wrong_answer_of_the_fake_is_noticed(
    contract: ProductsContract, fake: FakeProductsApi, wrong: dict[str, object]
) -> None:
    fake.add_product()
    request, response = put(fake, reserve(1))
    [honest] = response.json()["reservations"]

    with pytest.raises(BreachOfContract):
        contract.check_response(request, httpx.Response(200, json={"reservations": [honest | wrong]}))


def test_an_invalid_time_is_noticed(contract: ProductsContract, fake: FakeProductsApi) -> None:
    fake.add_product()
    request, response = ask(fake, Question("GET", f"{PRODUCTS}1/"))

    with pytest.raises(BreachOfContract, match="created_at"):
        contract.check_response(request, httpx.Response(200, json=response.json() | {"created_at": "yesterday"}))


@pytest.mark.parametrize("answer", [httpx.Response(402), httpx.Response(200, content=b"{}"), httpx.Response(404)])
def test_an_undescribed_answer_is_noticed(contract: ProductsContract, answer: httpx.Response) -> None:
    with pytest.raises(BreachOfContract):
        contract.check_response(httpx.Request("GET", f"{ADDRESS}{PRODUCTS}"), answer)
