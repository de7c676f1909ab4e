"""The embedded engine: Tantivy on a directory."""
