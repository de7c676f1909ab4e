"""What is done to a page's image, and what is seen in it, before anything is read."""
