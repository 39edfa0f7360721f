from __future__ import annotations

from ocppsim.physics import FlowRecord


def test_an_offer_that_did_not_last_is_none():
    record = FlowRecord(0.0, 11e3, 11e3)
    record.note(100.0, 11e3, 11e3)
    record.note(100.0, 0.0, 0.0)
    flow = record.take()
    assert (flow.lowest_offer_w, flow.highest_offer_w) == (11e3, 11e3)
    assert flow.without_offer_s == 0.0


def test_offers_and_peaks_are_those_since_the_last_look():
    record = FlowRecord(0.0, 5e3, 11e3)
    record.pass_by(9e3)
    record.note(10.0, 8e3, 6e3)
    record.note(30.0, 6e3, 6e3)
    flow = record.take()
    assert (flow.peak_power_w, flow.lowest_offer_w, flow.highest_offer_w) == (9e3, 6e3, 11e3)
    record.note(40.0, 6e3, 6e3)
    assert record.look() == record.take() == (6e3, 6e3, 6e3, 0.0, 0.0)


def test_times_without_power_are_told_apart():
    record = FlowRecord(0.0, 0.0, 0.0)
    record.note(10.0, 0.0, 11e3)
    record.note(35.0, 11e3, 11e3)
    record.note(99.0, 11e3, 11e3)
    flow = record.take()
    assert (flow.without_offer_s, flow.without_demand_s) == (10.0, 25.0)


def test_nothing_that_lasted_leaves_the_present_offer():
    flow = FlowRecord(0.0, 0.0, 7e3).look()
    assert (flow.lowest_offer_w, flow.highest_offer_w) == (7e3, 7e3)
