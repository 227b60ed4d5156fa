"""The addresses of products."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from contenders.usual_port.products.views import ProductViewSet

router = DefaultRouter()
router.register("products", ProductViewSet)
urlpatterns = [path("api/v1/", include(router.urls))]
