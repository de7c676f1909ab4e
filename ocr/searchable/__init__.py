"""Scans as searchable PDFs: the pages as received, with what was read from them as invisible text."""
