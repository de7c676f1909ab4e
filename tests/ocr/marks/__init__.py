"""Tests of ticked boxes, rings, stamps and signatures."""
