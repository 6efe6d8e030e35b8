"""Readers of files that somebody opens for a visit; nothing of them is kept, and what is left out is named."""
