"""A scan's way: taken in, read, reviewed, filed; and how its pages are shown."""
