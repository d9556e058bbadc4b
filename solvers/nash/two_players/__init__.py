"""All equilibria of two-player games, exactly, and single ones by Lemke-Howson."""
