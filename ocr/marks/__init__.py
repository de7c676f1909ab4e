"""What a pen or a stamp left on the paper besides writing: ticked boxes, ringed words, stamps, signatures."""
