"""A live run keeps totals; what chargers and CSMS said to each other is for the CSMS to tell."""

from __future__ import annotations

from ocppsim.simulation.fleet_records import MessageRow, MeterRow, SessionRow, SiteRow


class NoRows:
    """Takes the rows of a run and keeps none."""

    def meter(self, row: MeterRow, /) -> None: ...

    def session(self, row: SessionRow, /) -> None: ...

    def message(self, row: MessageRow, /) -> None: ...

    def site(self, row: SiteRow, /) -> None: ...


__all__ = ["NoRows"]
