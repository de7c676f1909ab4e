"""Registered forms: recognised on a page, laid onto it, and read zone by zone."""
