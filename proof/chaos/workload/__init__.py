"""The people of a run: who orders, who sells, who looks, who vanishes; every request of theirs is in the history."""
