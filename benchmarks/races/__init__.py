"""The races: which contestants run in turn, on what, and which goals are judged by them."""
