"""Tests of registered forms."""
