"""Everything that is asked of the index: searches, suggestions, lists, exports; and keeping it in step."""
