"""What is left and what is promised: the only code that moves stock."""
