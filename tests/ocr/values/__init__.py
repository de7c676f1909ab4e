"""Tests of the values of forms."""
