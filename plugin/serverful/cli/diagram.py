"""`serverful diagram`: draws what functions take back, share and pass."""

from __future__ import annotations

import os
from pathlib import Path

import click

from serverful.cli.asked import PIPED, day_of_run, is_piped, piped_in, reading_options
from serverful.cli.group import FAILED, commands
from serverful.cli.speech import complain, say


@commands.command()
@reading_options
@click.option("--function", metavar="ADDRESS", help="Draw this one's way out, and what it shares with others.")
@click.option(
    "--format", "format_", type=click.Choice(["mermaid", "svg"]), help="Unless given: svg for a FILE that ends in .svg, else mermaid."
)
@click.option("-o", "--output", metavar="FILE", help="Where the drawing goes. Unless given: standard output.")
def diagram(
    paths: tuple[str, ...],
    function: str | None,
    format_: str | None,
    output: str | None,
    skip_path: tuple[str, ...],
    var_files: tuple[str, ...],
    config: str | None,
    source: str | None,
) -> int:
    """Draw which functions take layers back, what these share, and their way out to the internet.

    Reads PATHs as `serverful scan` does, plans too. Mermaid goes into Markdown, between ```mermaid and ```, with at most 30 boxes; what is
    alike is one box, and says how many it stands for. Several roots are parts of one Mermaid diagram, and stand below each other in
    an SVG.

    \b
    Exit codes:
      0  drawn
      2  something was unreadable, so that the drawing may lack it, or
         there was nothing to draw
    """
    from serverful.diagram.folding import folded, folded_together, is_one_box
    from serverful.draw import draw
    from serverful.outputs import STANDARD, write
    from serverful.plan_source import named_source
    from serverful.report.mermaid import to_mermaid
    from serverful.report.svg import to_svg
    from serverful.report.text import harmless
    from serverful.settings_file import named
    from serverful.wording import shortened

    drawn = draw(
        [Path(path) for path in paths if path != PIPED],
        today=day_of_run(),
        function=function,
        skip_path=skip_path,
        var_files=var_files,
        config=named(os.environ, config),
        source=named_source(os.environ, source),
        piped=piped_in("terraform show -json tfplan | serverful diagram -") if is_piped(paths) else None,
    )
    for trouble in drawn.troubles:
        complain(harmless(str(trouble)))
    if not drawn.diagrams:
        more = " What was not read may hold some." if drawn.troubles else ""
        if drawn.unread:
            more = f" {harmless(shortened(drawn.unread, 4))} may make some: `terraform init` brings modules."
        complain(f"There is no Lambda function in what was read, so there is nothing to draw.{more}")
        return FAILED
    if (format_ or ("svg" if (output or "").lower().endswith(".svg") else "mermaid")) == "svg":
        text = to_svg([folded(one) for one in drawn.diagrams])
    else:
        small = folded_together(drawn.diagrams)
        text = to_mermaid(small)
        if any(is_one_box(one) for one in small):
            complain("Too much for one Mermaid diagram: some roots are a single box. Draw them one by one, or all as SVG: --format svg")
    if output is None or output == STANDARD:
        say(text)
    else:
        write(Path(output), (text,))
    return FAILED if drawn.troubles else 0
