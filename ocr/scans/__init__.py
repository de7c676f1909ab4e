"""Bytes of a scan to page images: what a file is, and its pages one at a time."""
