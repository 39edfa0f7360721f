"""The enumerations of OCPP 1.6 edition 2 §7 and of the security whitepaper edition 2 §6.

Values are spelled exactly as the standard spells them. In member names every character that
Python does not allow is an underscore: ``Measurand.Energy_Active_Import_Register``.
"""

from __future__ import annotations

from enum import StrEnum


class AuthorizationStatus(StrEnum):
    """1.6 ed.2 §7.2."""

    Accepted = "Accepted"
    Blocked = "Blocked"
    Expired = "Expired"
    Invalid = "Invalid"
    ConcurrentTx = "ConcurrentTx"


class AvailabilityStatus(StrEnum):
    """1.6 ed.2 §7.3."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    Scheduled = "Scheduled"


class AvailabilityType(StrEnum):
    """1.6 ed.2 §7.4."""

    Inoperative = "Inoperative"
    Operative = "Operative"


class CancelReservationStatus(StrEnum):
    """1.6 ed.2 §7.5."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class ChargePointErrorCode(StrEnum):
    """1.6 ed.2 §7.6."""

    ConnectorLockFailure = "ConnectorLockFailure"
    EVCommunicationError = "EVCommunicationError"
    GroundFailure = "GroundFailure"
    HighTemperature = "HighTemperature"
    InternalError = "InternalError"
    LocalListConflict = "LocalListConflict"
    NoError = "NoError"
    OtherError = "OtherError"
    OverCurrentFailure = "OverCurrentFailure"
    OverVoltage = "OverVoltage"
    PowerMeterFailure = "PowerMeterFailure"
    PowerSwitchFailure = "PowerSwitchFailure"
    ReaderFailure = "ReaderFailure"
    ResetFailure = "ResetFailure"
    UnderVoltage = "UnderVoltage"
    WeakSignal = "WeakSignal"


class ChargePointStatus(StrEnum):
    """1.6 ed.2 §7.7."""

    Available = "Available"
    Preparing = "Preparing"
    Charging = "Charging"
    SuspendedEVSE = "SuspendedEVSE"
    SuspendedEV = "SuspendedEV"
    Finishing = "Finishing"
    Reserved = "Reserved"
    Unavailable = "Unavailable"
    Faulted = "Faulted"


class ChargingProfileKindType(StrEnum):
    """1.6 ed.2 §7.9."""

    Absolute = "Absolute"
    Recurring = "Recurring"
    Relative = "Relative"


class ChargingProfilePurposeType(StrEnum):
    """1.6 ed.2 §7.10."""

    ChargePointMaxProfile = "ChargePointMaxProfile"
    TxDefaultProfile = "TxDefaultProfile"
    TxProfile = "TxProfile"


class ChargingProfileStatus(StrEnum):
    """1.6 ed.2 §7.11."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    NotSupported = "NotSupported"


class ChargingRateUnitType(StrEnum):
    """1.6 ed.2 §7.12."""

    W = "W"
    A = "A"


class ClearCacheStatus(StrEnum):
    """1.6 ed.2 §7.20."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class ClearChargingProfileStatus(StrEnum):
    """1.6 ed.2 §7.21."""

    Accepted = "Accepted"
    Unknown = "Unknown"


class ConfigurationStatus(StrEnum):
    """1.6 ed.2 §7.22."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    RebootRequired = "RebootRequired"
    NotSupported = "NotSupported"


class DataTransferStatus(StrEnum):
    """1.6 ed.2 §7.23."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    UnknownMessageId = "UnknownMessageId"
    UnknownVendorId = "UnknownVendorId"


class DiagnosticsStatus(StrEnum):
    """1.6 ed.2 §7.24."""

    Idle = "Idle"
    Uploaded = "Uploaded"
    UploadFailed = "UploadFailed"
    Uploading = "Uploading"


class FirmwareStatus(StrEnum):
    """1.6 ed.2 §7.25."""

    Downloaded = "Downloaded"
    DownloadFailed = "DownloadFailed"
    Downloading = "Downloading"
    Idle = "Idle"
    InstallationFailed = "InstallationFailed"
    Installing = "Installing"
    Installed = "Installed"


class GetCompositeScheduleStatus(StrEnum):
    """1.6 ed.2 §7.26."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class Location(StrEnum):
    """1.6 ed.2 §7.30."""

    Body = "Body"
    Cable = "Cable"
    EV = "EV"
    Inlet = "Inlet"
    Outlet = "Outlet"


class Measurand(StrEnum):
    """1.6 ed.2 §7.31."""

    Current_Export = "Current.Export"
    Current_Import = "Current.Import"
    Current_Offered = "Current.Offered"
    Energy_Active_Export_Register = "Energy.Active.Export.Register"
    Energy_Active_Import_Register = "Energy.Active.Import.Register"
    Energy_Reactive_Export_Register = "Energy.Reactive.Export.Register"
    Energy_Reactive_Import_Register = "Energy.Reactive.Import.Register"
    Energy_Active_Export_Interval = "Energy.Active.Export.Interval"
    Energy_Active_Import_Interval = "Energy.Active.Import.Interval"
    Energy_Reactive_Export_Interval = "Energy.Reactive.Export.Interval"
    Energy_Reactive_Import_Interval = "Energy.Reactive.Import.Interval"
    Frequency = "Frequency"
    Power_Active_Export = "Power.Active.Export"
    Power_Active_Import = "Power.Active.Import"
    Power_Factor = "Power.Factor"
    Power_Offered = "Power.Offered"
    Power_Reactive_Export = "Power.Reactive.Export"
    Power_Reactive_Import = "Power.Reactive.Import"
    RPM = "RPM"
    SoC = "SoC"
    Temperature = "Temperature"
    Voltage = "Voltage"


class MessageTrigger(StrEnum):
    """1.6 ed.2 §7.32."""

    BootNotification = "BootNotification"
    DiagnosticsStatusNotification = "DiagnosticsStatusNotification"
    FirmwareStatusNotification = "FirmwareStatusNotification"
    Heartbeat = "Heartbeat"
    MeterValues = "MeterValues"
    StatusNotification = "StatusNotification"


class Phase(StrEnum):
    """1.6 ed.2 §7.34."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    N = "N"
    L1_N = "L1-N"
    L2_N = "L2-N"
    L3_N = "L3-N"
    L1_L2 = "L1-L2"
    L2_L3 = "L2-L3"
    L3_L1 = "L3-L1"


class ReadingContext(StrEnum):
    """1.6 ed.2 §7.35."""

    Interruption_Begin = "Interruption.Begin"
    Interruption_End = "Interruption.End"
    Other = "Other"
    Sample_Clock = "Sample.Clock"
    Sample_Periodic = "Sample.Periodic"
    Transaction_Begin = "Transaction.Begin"
    Transaction_End = "Transaction.End"
    Trigger = "Trigger"


class Reason(StrEnum):
    """1.6 ed.2 §7.36."""

    DeAuthorized = "DeAuthorized"
    EmergencyStop = "EmergencyStop"
    EVDisconnected = "EVDisconnected"
    HardReset = "HardReset"
    Local = "Local"
    Other = "Other"
    PowerLoss = "PowerLoss"
    Reboot = "Reboot"
    Remote = "Remote"
    SoftReset = "SoftReset"
    UnlockCommand = "UnlockCommand"


class RecurrencyKindType(StrEnum):
    """1.6 ed.2 §7.37."""

    Daily = "Daily"
    Weekly = "Weekly"


class RegistrationStatus(StrEnum):
    """1.6 ed.2 §7.38."""

    Accepted = "Accepted"
    Pending = "Pending"
    Rejected = "Rejected"


class RemoteStartStopStatus(StrEnum):
    """1.6 ed.2 §7.39."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class ReservationStatus(StrEnum):
    """1.6 ed.2 §7.40."""

    Accepted = "Accepted"
    Faulted = "Faulted"
    Occupied = "Occupied"
    Rejected = "Rejected"
    Unavailable = "Unavailable"


class ResetStatus(StrEnum):
    """1.6 ed.2 §7.41."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class ResetType(StrEnum):
    """1.6 ed.2 §7.42."""

    Hard = "Hard"
    Soft = "Soft"


class TriggerMessageStatus(StrEnum):
    """1.6 ed.2 §7.44, security whitepaper §6.15."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    NotImplemented = "NotImplemented"


class UnitOfMeasure(StrEnum):
    """1.6 ed.2 §7.45; ``Celsius`` as the corrected schemas spell it (OCPP-J errata §2.1)."""

    Wh = "Wh"
    kWh = "kWh"
    varh = "varh"
    kvarh = "kvarh"
    W = "W"
    kW = "kW"
    VA = "VA"
    kVA = "kVA"
    var = "var"
    kvar = "kvar"
    A = "A"
    V = "V"
    Celsius = "Celsius"
    Fahrenheit = "Fahrenheit"
    K = "K"
    Percent = "Percent"


class UnlockStatus(StrEnum):
    """1.6 ed.2 §7.46."""

    Unlocked = "Unlocked"
    UnlockFailed = "UnlockFailed"
    NotSupported = "NotSupported"


class UpdateStatus(StrEnum):
    """1.6 ed.2 §7.47."""

    Accepted = "Accepted"
    Failed = "Failed"
    NotSupported = "NotSupported"
    VersionMismatch = "VersionMismatch"


class UpdateType(StrEnum):
    """1.6 ed.2 §7.48."""

    Differential = "Differential"
    Full = "Full"


class ValueFormat(StrEnum):
    """1.6 ed.2 §7.49."""

    Raw = "Raw"
    SignedData = "SignedData"


class CertificateSignedStatus(StrEnum):
    """security whitepaper §6.2."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class CertificateStatus(StrEnum):
    """security whitepaper §6.3."""

    Accepted = "Accepted"
    Failed = "Failed"
    Rejected = "Rejected"


class CertificateUse(StrEnum):
    """security whitepaper §6.4."""

    CentralSystemRootCertificate = "CentralSystemRootCertificate"
    ManufacturerRootCertificate = "ManufacturerRootCertificate"


class DeleteCertificateStatus(StrEnum):
    """security whitepaper §6.5."""

    Accepted = "Accepted"
    Failed = "Failed"
    NotFound = "NotFound"


class SignedFirmwareStatus(StrEnum):
    """security whitepaper §6.6 (FirmwareStatusEnumType)."""

    Downloaded = "Downloaded"
    DownloadFailed = "DownloadFailed"
    Downloading = "Downloading"
    DownloadScheduled = "DownloadScheduled"
    DownloadPaused = "DownloadPaused"
    Idle = "Idle"
    InstallationFailed = "InstallationFailed"
    Installing = "Installing"
    Installed = "Installed"
    InstallRebooting = "InstallRebooting"
    InstallScheduled = "InstallScheduled"
    InstallVerificationFailed = "InstallVerificationFailed"
    InvalidSignature = "InvalidSignature"
    SignatureVerified = "SignatureVerified"


class GenericStatus(StrEnum):
    """security whitepaper §6.8."""

    Accepted = "Accepted"
    Rejected = "Rejected"


class GetInstalledCertificateStatus(StrEnum):
    """security whitepaper §6.9."""

    Accepted = "Accepted"
    NotFound = "NotFound"


class HashAlgorithm(StrEnum):
    """security whitepaper §6.10."""

    SHA256 = "SHA256"
    SHA384 = "SHA384"
    SHA512 = "SHA512"


class Log(StrEnum):
    """security whitepaper §6.11."""

    DiagnosticsLog = "DiagnosticsLog"
    SecurityLog = "SecurityLog"


class LogStatus(StrEnum):
    """security whitepaper §6.13."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    AcceptedCanceled = "AcceptedCanceled"


class ExtendedMessageTrigger(StrEnum):
    """security whitepaper §6.14 (MessageTriggerEnumType)."""

    BootNotification = "BootNotification"
    LogStatusNotification = "LogStatusNotification"
    FirmwareStatusNotification = "FirmwareStatusNotification"
    Heartbeat = "Heartbeat"
    MeterValues = "MeterValues"
    SignChargePointCertificate = "SignChargePointCertificate"
    StatusNotification = "StatusNotification"


class UpdateFirmwareStatus(StrEnum):
    """security whitepaper §6.16."""

    Accepted = "Accepted"
    Rejected = "Rejected"
    AcceptedCanceled = "AcceptedCanceled"
    InvalidCertificate = "InvalidCertificate"
    RevokedCertificate = "RevokedCertificate"


class UploadLogStatus(StrEnum):
    """security whitepaper §6.17."""

    BadMessage = "BadMessage"
    Idle = "Idle"
    NotSupportedOperation = "NotSupportedOperation"
    PermissionDenied = "PermissionDenied"
    Uploaded = "Uploaded"
    UploadFailure = "UploadFailure"
    Uploading = "Uploading"
