"""Tests of the engine on a Meilisearch server."""
