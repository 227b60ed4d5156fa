"""The form that adjusts stock, as strict as the API."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from inventory.models import LARGEST_STOCK, StockAdjustment
from service_kit.rest.filters import PlainIntegerField
from service_kit.rest.text import validate_storable, validate_visible


def new_key() -> str:
    """Return a key for one display of the form, so that submitting it twice adjusts once."""
    return f"admin-form-{uuid4()}"


class StockAdjustmentForm(forms.ModelForm):  # type: ignore[type-arg] # at run time, Django's takes no parameter
    delta = PlainIntegerField(
        label="Units",
        min_value=-LARGEST_STOCK,
        max_value=LARGEST_STOCK,
        help_text="Above zero: added. Below zero: removed.",
    )
    reason = forms.CharField(
        max_length=255, validators=[validate_storable, validate_visible], widget=forms.TextInput(attrs={"size": 60})
    )
    idempotency_key = forms.CharField(max_length=255, initial=new_key, widget=forms.HiddenInput)

    class Meta:
        model = StockAdjustment
        fields = ["product", "delta", "reason", "idempotency_key"]

    def clean_delta(self) -> Any:
        delta = self.cleaned_data["delta"]
        if delta == 0:
            raise ValidationError("An adjustment moves at least one unit.", code="zero")
        return delta
