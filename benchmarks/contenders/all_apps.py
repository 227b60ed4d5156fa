"""Every table of every contender, for the type checker."""

SECRET_KEY = "only-for-benchmarks"  # noqa: S105 - it signs nothing
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "contenders.monolith",
    "contenders.usual_port.products",
    "contenders.usual_port.orders",
]
PRODUCTS_URL = ""
PLACE_ORDER = ""
