"""Storage on MongoDB, or on the embedded server that speaks its protocol; nothing here asks which it is.

The queries keep to what both serve from an index: one flat dict each, equality, ``$in`` and ``$gte``/``$lt`` bounds,
ascending indexes, no joins. Everything outside this package sees plain synchronous calls.
"""

from archive.mongo.database import Database

__all__ = ["Database"]
