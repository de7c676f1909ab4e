"""How well forms are read: pages with their truth, figures that compare a reading with it, and pages made worse on purpose."""
