"""All equilibria of games of three and more players, by the polynomial systems of their supports."""
