"""Tests of the decoding of scans."""
