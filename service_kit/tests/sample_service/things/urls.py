"""The addresses of things."""

from django.urls import path

from things import views

urlpatterns = [
    path("", views.ThingListView.as_view(), name="thing-list"),
    path("<id:thing_id>/", views.ThingView.as_view(), name="thing"),
]
