"""Tests of what is done to a page's image."""
