"""The ``ocppsim`` program: its commands, and how they end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from ocppsim import __version__

from . import database_command, fleet_command
from .connect_command import connect
from .csms_command import csms
from .demo_command import demo
from .failures import EXIT_FAILED, EXIT_INTERRUPTED, CommandFailed
from .serve_command import serve
from .simulate_command import simulate
from .terminal import say_error

app = typer.Typer(
    name="ocppsim",
    help="Simulates OCPP 1.6J charge points that a CSMS cannot tell from real ones.",
    epilog=(
        "Exit codes: 0 done (Ctrl-C ends a server so, too); 1 tried and failed; "
        "2 bad input, port in use, or database not usable; 130 broken off."
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(demo)
app.command()(csms)
app.command()(connect)
app.command()(simulate)
app.add_typer(fleet_command.app, name="fleet")
app.add_typer(database_command.app, name="db")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ocppsim {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Simulates OCPP 1.6J charge points that a CSMS cannot tell from real ones."""
    if context.invoked_subcommand is None and not version:
        typer.echo(context.get_help())


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and give its exit code; what goes wrong is one line on stderr."""
    try:
        code = app(args=arguments, prog_name="ocppsim", standalone_mode=False)
    except CommandFailed as failure:
        say_error(str(failure))
        return failure.exit_code
    except typer.TyperException as error:
        say_error(" ".join(error.format_message().split()))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; nobody is left to be told
        return EXIT_FAILED
    return code if isinstance(code, int) else 0


def main() -> None:
    """Entry point of the ``ocppsim`` command; never returns."""
    sys.exit(run())
