"""Forms that come often: registered from one page, tried, and learned from."""
