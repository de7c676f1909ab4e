"""Tests of searchable PDFs."""
