"""What may happen in a random world: tags, answers, frames, settings, faults."""

from __future__ import annotations

from hypothesis import strategies as st

from ocppsim.simulation.central_system import Delayed, ErrorReply, RawReply, Reply, Silence

connectors = st.integers(0, 3)
tags = st.sampled_from(["ONE", "one", "TWO", "GROUP-A", "GROUP-B", "BAD", "LATE"])
ID_TAGS = {
    "GROUP-A": {"status": "Accepted", "parentIdTag": "GROUP"},
    "GROUP-B": {"status": "Accepted", "parentIdTag": "group"},
    "BAD": {"status": "Invalid"},
    "LATE": {"status": "Accepted", "expiryDate": "2026-01-01T01:00:00Z"},
}
actions = st.sampled_from(
    [
        "Authorize",
        "BootNotification",
        "Heartbeat",
        "MeterValues",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
    ]
)
replies: st.SearchStrategy[Reply] = st.sampled_from(
    [
        Silence(),
        ErrorReply(),
        ErrorReply("SecurityError", "not yet"),
        RawReply("garbage"),
        RawReply('[3,"another",{}]'),
        Delayed(29.0, ErrorReply()),
        Delayed(45.0, ErrorReply()),
    ]
)
lenient_actions = st.sampled_from(
    ["Authorize", "BootNotification", "Heartbeat", "StatusNotification"]
)
odd_payloads = st.sampled_from(
    [
        "{}",
        "null",
        "[]",
        '{"status":5,"idTagInfo":[]}',
        '{"idTagInfo":{"status":"Accepted","expiryDate":"soon","extra":1}}',
        '{"status":"Accepted","currentTime":"now","interval":-5}',
        '{"status":"Pending","currentTime":"2026-01-01T00:00:00Z","interval":0}',
        '{"currentTime":"0001-01-01T00:00:00Z"}',
        '{"currentTime":"9999-12-31T23:59:60+23:59"}',
    ]
)
faults = st.sampled_from(
    [
        "GroundFailure",
        "PowerMeterFailure",
        "ConnectorLockFailure",
        "OtherError",
        "EVCommunicationError",
        "NoError",
        "Nonsense",
    ]
)
keys = st.sampled_from(
    [
        ("AllowOfflineTxForUnknownId", "true"),
        ("AllowOfflineTxForUnknownId", "false"),
        ("AuthorizationCacheEnabled", "FALSE"),
        ("AuthorizationCacheEnabled", "true"),
        ("AuthorizeRemoteTxRequests", "true"),
        ("AuthorizeRemoteTxRequests", "false"),
        ("ClockAlignedDataInterval", "0"),
        ("ClockAlignedDataInterval", "900"),
        ("ClockAlignedDataInterval", "7000"),
        ("ConnectionTimeOut", "0"),
        ("ConnectionTimeOut", "30"),
        ("HeartbeatInterval", "0"),
        ("HeartbeatInterval", "120"),
        ("LocalAuthorizeOffline", "false"),
        ("LocalPreAuthorize", "true"),
        ("LocalPreAuthorize", "false"),
        ("MaxEnergyOnInvalidId", "0"),
        ("MaxEnergyOnInvalidId", "500"),
        ("MeterValueSampleInterval", "0"),
        ("MeterValueSampleInterval", "25"),
        ("MeterValueSampleInterval", "-1"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,Voltage,SoC,Current.Import"),
        ("MeterValuesSampledData", "Energy.Active.Import.Register,Energy.Active.Import.Interval"),
        ("MeterValuesAlignedData", "Energy.Active.Import.Register,Power.Active.Import"),
        ("MeterValuesAlignedData", "Nonsense"),
        ("StopTransactionOnEVSideDisconnect", "false"),
        ("StopTransactionOnEVSideDisconnect", "true"),
        ("StopTransactionOnInvalidId", "false"),
        ("StopTransactionOnInvalidId", "true"),
        ("StopTxnAlignedData", "Energy.Active.Import.Register"),
        ("StopTxnSampledData", "Energy.Active.Import.Register,SoC"),
        ("StopTxnSampledData", ""),
        ("UnlockConnectorOnEVSideDisconnect", "false"),
        ("UnlockConnectorOnEVSideDisconnect", "true"),
        ("Unknown", "1"),
    ]
)
frames = st.sampled_from(
    [
        "",
        "[]",
        "{}",
        "[2]",
        '[2,"x"]',
        '[2,"dup","Heartbeat",{}]',
        '[2,"x","Nonsense",{}]',
        '[2,"x","TriggerMessage",{"requestedMessage":"Heartbeat"}]',
        '[2,"x","GetConfiguration",{"key":["numberofconnectors","Nonsense"]}]',
        '[2,"x","GetConfiguration",null]',
        '[2,"x","ChangeConfiguration",{"key":1}]',
        '[2,"x","GetCompositeSchedule",{"connectorId":1,"duration":60}]',
        '[2,"x","CancelReservation",{"reservationId":1}]',
        '[2,"x","DataTransfer",{"vendorId":"org.ocppsim","messageId":"Echo","data":"hello"}]',
        '[3,"x",{}]',
        '[4,"x","GenericError","",{}]',
        '[9,"x",{}]',
        "[" * 500,
        '[3,"x",' + "[" * 500 + "]" * 500 + "]",
        "[2,1,2,3]",
    ]
)
