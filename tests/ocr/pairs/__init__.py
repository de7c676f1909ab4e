"""Tests of labels and values."""
