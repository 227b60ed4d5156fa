"""Everything that can be done with products."""

from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from contenders.usual_port.products.models import Product


class ProductSerializer(ModelSerializer[Product]):
    class Meta:
        model = Product
        fields = "__all__"


class ProductViewSet(ModelViewSet[Product]):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer
