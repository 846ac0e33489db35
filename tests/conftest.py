"""Puts this folder on the import path, so that every test finds its neighbours (`estates_by_hand`) whatever folder it stands in."""
