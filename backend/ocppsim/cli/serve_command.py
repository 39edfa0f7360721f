"""``ocppsim serve``: the simulator, its API and its UI."""

from __future__ import annotations

from .listening import listen
from .logs import configure_logging
from .server import run_on_fastest_loop
from .service import (
    access_note,
    check_templates,
    migrated_database,
    serve_until_stopped,
    service_url,
    with_token,
)
from .settings_options import (
    AllowedHostsOption,
    ApiTokenOption,
    CorsOption,
    DatabaseUrlOption,
    HostOption,
    KeepTransactionsDaysOption,
    KeepTransactionsOption,
    LedgerIntervalOption,
    LogLevelOption,
    MessageLogBytesOption,
    PortOption,
    SynchronousOption,
    TemplatesDirOption,
    TransferHostsOption,
    TransferLimitOption,
    TransferMaxBytesOption,
    load_settings,
)
from .terminal import stdout_console


def serve(
    host: HostOption = None,
    port: PortOption = None,
    database_url: DatabaseUrlOption = None,
    cors_origins: CorsOption = None,
    allowed_hosts: AllowedHostsOption = None,
    api_token: ApiTokenOption = None,
    log_level: LogLevelOption = None,
    synchronous: SynchronousOption = None,
    message_log_bytes: MessageLogBytesOption = None,
    keep_transactions: KeepTransactionsOption = None,
    keep_transactions_days: KeepTransactionsDaysOption = None,
    ledger_interval_s: LedgerIntervalOption = None,
    transfer_hosts: TransferHostsOption = None,
    transfer_max_bytes: TransferMaxBytesOption = None,
    transfer_limit_s: TransferLimitOption = None,
    templates_dir: TemplatesDirOption = None,
) -> None:
    """Run the simulator with the chargers that are in the database.

    Every option is also a setting, from the environment or from a file .env in the current
    directory (the names work without OCPPSIM_, too); the option goes first. Ctrl-C ends it.
    """
    given = load_settings(
        host=host,
        port=port,
        database_url=database_url,
        cors_origins=cors_origins,
        allowed_hosts=allowed_hosts,
        api_token=api_token,
        log_level=log_level,
        synchronous=synchronous,
        message_log_bytes=message_log_bytes,
        keep_transactions=keep_transactions,
        keep_transactions_days=keep_transactions_days,
        ledger_interval_s=ledger_interval_s,
        transfer_hosts=transfer_hosts,
        transfer_max_bytes=transfer_max_bytes,
        transfer_limit_s=transfer_limit_s,
        templates_dir=templates_dir,
    )
    settings = with_token(given)
    configure_logging(settings.log_level)
    check_templates(settings)
    with listen(settings.host, settings.port, "--port or OCPPSIM_PORT") as sock:
        migrated_database(settings).close()
        url = service_url(settings, sock)
        lines = [f"ocppsim serves at {url}", access_note(given, settings)]

        def tell() -> None:
            stdout_console().print(*(line for line in lines if line is not None), sep="\n")

        run_on_fastest_loop(serve_until_stopped(settings, sock, tell))
