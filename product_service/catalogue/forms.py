"""Forms of products in the admin, as strict as the API."""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from inventory.models import LARGEST_STOCK
from products.models import Product
from service_kit.rest.fields import is_plain_decimal
from service_kit.rest.filters import PlainIntegerField
from service_kit.rest.text import validate_storable, validate_visible

EDITABLE = ("name", "description", "price", "external_reference", "is_active")


def fingerprint(product: Product) -> str:
    """Hash the fields that a clerk can edit. Stock is not among them: it changes while a clerk types."""
    values = [str(getattr(product, field)) for field in EDITABLE]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


class ShownText(forms.CharField):
    """Text that a browser may send back with other line breaks than it was shown, which is no change of it."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self._as_sent(initial), self._as_sent(data))

    def _as_sent(self, text: str | None) -> str:
        line_break = "\n" if isinstance(self.widget, forms.Textarea) else ""  # a field of one line loses them
        return re.sub(r"\r\n|\r|\n", line_break, text or "")


class PriceField(forms.DecimalField):
    """A decimal in plain notation, where Django's field would take underscores, exponents and other scripts' digits."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not is_plain_decimal(str(value).strip()):
            raise ValidationError("A decimal such as 19.90 is required.", code="invalid")
        return super().to_python(value)


class ProductForm(forms.ModelForm):  # type: ignore[type-arg] # at run time, Django's takes no parameter
    """The fields of a product that can be edited."""

    name = ShownText(
        max_length=255, validators=[validate_storable, validate_visible], widget=forms.TextInput(attrs={"size": 60})
    )
    description = ShownText(required=False, widget=forms.Textarea, validators=[validate_storable])
    price = PriceField(max_digits=10, decimal_places=2, min_value=Decimal(0))
    external_reference = ShownText(
        max_length=255,
        required=False,
        empty_value=None,
        validators=[validate_storable, validate_visible],
        help_text="What another system calls the product, if one does.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="For sale")

    def clean_external_reference(self) -> str | None:
        """Refuse another product's reference beside the field; the database has the last word."""
        reference: str | None = self.cleaned_data["external_reference"]
        if reference and Product.objects.filter(external_reference=reference).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another product has this external reference.")
        return reference

    def clean_description(self) -> str:
        """Undo what browsers do to line breaks, or every save would change the text."""
        return str(self.cleaned_data["description"]).replace("\r\n", "\n")


class NewProductForm(ProductForm):
    """A new product, with its first units."""

    stock_quantity = PlainIntegerField(min_value=0, max_value=LARGEST_STOCK, initial=0, label="Units in stock")


class EditProductForm(ProductForm):
    """A product to edit, with the state of it that the clerk has seen."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = fingerprint(self.instance)

    def clean(self) -> None:
        """Keep every field that the clerk has not changed: an import can write line breaks that no browser sends."""
        super().clean()
        for field in set(EDITABLE).difference(self.changed_data) & self.cleaned_data.keys():
            self.cleaned_data[field] = self.initial[field]

    def clean_seen(self) -> str:
        """Refuse an edit of another state than the clerk has seen; the service compares again, under its lock."""
        seen = str(self.cleaned_data["seen"])
        if seen != self.fields["seen"].initial:
            raise ValidationError("Somebody else has edited this product. Open it again, and repeat your changes.")
        return seen
