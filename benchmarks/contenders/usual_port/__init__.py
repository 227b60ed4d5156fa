"""The usual way of cutting a Django project in two: ModelViewSets, ModelSerializers, and httpx between them."""
