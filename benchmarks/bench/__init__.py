"""Starts the contenders in turn, loads them, checks what they did and writes the comparison down."""
