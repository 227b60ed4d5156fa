"""Tests of the figures, the tables and the picture; what is measured has no test but the measuring."""
