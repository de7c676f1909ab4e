"""Tests of a scan's way into a dossier."""
