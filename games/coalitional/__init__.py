"""Cooperative games with side payments: what every coalition of players is worth."""

from games.coalitional._examples import airport, bankruptcy, gloves, war, weighted_voting
from games.coalitional._game import CoalitionalGame

__all__ = ["CoalitionalGame", "airport", "bankruptcy", "gloves", "war", "weighted_voting"]
