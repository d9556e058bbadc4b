"""Nash equilibria as results, and what proves and sharpens them."""
