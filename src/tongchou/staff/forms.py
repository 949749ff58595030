"""What the steward types about users, units and posts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.staff.models import Post, Unit, User


class AreaField(forms.CharField):
    """An area by its code, or by its name where only one has it."""

    def clean(self, value: Any) -> Area:
        text = super().clean(value)
        try:
            return areas.find(text)
        except Area.DoesNotExist as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Area) else value


class PostForm(forms.ModelForm):
    area = AreaField(label=_("Area"), help_text=_("Code or name. The post covers all below it."))

    class Meta:
        model = Post
        fields = ("user", "role", "unit", "area", "from_at", "to_at")
        widgets = {
            "from_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
            "to_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = self.fields["user"]
        assert isinstance(users, forms.ModelChoiceField)
        users.queryset = User.objects.filter(is_active=True).order_by("display_name", "username")


class UnitForm(forms.ModelForm):
    area = AreaField(label=_("Area"), help_text=_("Code or name."))

    class Meta:
        model = Unit
        fields = ("name", "area", "parent", "phone")


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ten characters or more. Give it to the user in person; they can change it."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class UserForm(forms.ModelForm, PasswordForm):
    class Meta:
        model = User
        fields = ("username", "display_name", "email", "phone")


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("display_name", "email", "phone")


class OwnForm(forms.ModelForm):
    """What users change of themselves. Not the e-mail address: single sign-on goes by it."""

    class Meta:
        model = User
        fields = ("display_name", "phone")
