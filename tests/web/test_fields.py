"""How values are typed and shown."""

from archive.dossier_type import BUILT_IN_TYPES
from ocr import Kind
from web.fields import CHOICES, KINDS, FieldInput, ordered_names


def test_every_kind_has_words() -> None:
    assert set(KINDS) == {kind.value for kind in Kind}


def test_a_code_is_chosen_and_anything_else_is_never_lost() -> None:
    assert FieldInput("sex", "Sex", "sex", value="male").choices == CHOICES["sex"]
    assert FieldInput("sex", "Sex", "sex").choices == CHOICES["sex"]
    assert FieldInput("sex", "Sex", "sex", value="男□女□").choices is None


def test_fields_stand_in_the_order_of_the_type_and_the_others_after_them() -> None:
    assert ordered_names(BUILT_IN_TYPES[0], ("pet", "mobile", "name", "car")) == ["name", "mobile", "pet", "car"]
