"""``python -m ocppsim`` is ``ocppsim``."""

from ocppsim.cli import main

main()
