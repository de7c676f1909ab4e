"""Queries as values."""

import pytest

from search import UnknownFacetError
from tests.search.entries import ask


def test_a_facet_that_the_index_does_not_keep_is_refused() -> None:
    for wrong in ({"facets": ("colour",)}, {"filters": {"colour": ("red",)}}):
        with pytest.raises(UnknownFacetError) as failure:
            ask("", **wrong)
        assert (failure.value.facet, failure.value.code, failure.value.transient) == ("colour", "unknown-facet", False)


def test_a_negative_window_is_refused() -> None:
    for wrong in ({"limit": -1}, {"offset": -1}):
        with pytest.raises(ValueError, match="negative"):
            ask("", **wrong)


def test_a_filter_without_values_filters_nothing() -> None:
    assert dict(ask("", filters={"tag": (), "unit": ("north",)}).filters) == {"unit": ("north",)}
