"""The engine on a Meilisearch 1.x server."""
