"""Fleets: the chargers of a plan, live against a CSMS, with statistics and a report."""
