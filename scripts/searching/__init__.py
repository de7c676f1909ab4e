"""What the search engine is measured with: made-up dossiers, what is asked of them, and the plainest query beside it."""
