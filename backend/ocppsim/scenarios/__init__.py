"""Plans: what happens at a site, written down once, for virtual time and for live chargers."""
