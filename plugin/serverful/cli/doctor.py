"""`serverful doctor`: whether the installation is well."""

from __future__ import annotations

import os
from pathlib import Path

from serverful.cli.group import FAILED, commands
from serverful.cli.speech import is_painted, say, width


@commands.command()
def doctor() -> int:
    """Examine the installation: what is here, whether it works, how to mend it; and the settings that count in this folder.

    Exit codes: 0 all is well, 2 something is not.
    """
    from serverful.doctor import examine
    from serverful.plan_source import named_source
    from serverful.report.doctor import examined_to_console
    from serverful.settings_file import named

    examined = examine(Path.cwd(), named(os.environ), named_source(os.environ))
    say(examined_to_console(examined, width=width(), painted=is_painted()))
    return 0 if all(one.is_well for one in examined) else FAILED
