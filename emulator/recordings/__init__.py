"""Recordings: files of samples and messages, ours and foreign ones."""
