"""One deal of a spheres model: does it stand, how long, how secure are its regions, and what do others pay."""
