"""`regulars bench NAME`: our work against a peer's, in one run on one machine."""

import importlib.util
from pathlib import Path
from typing import Any, Final

import click
from django.utils.translation import gettext as _

from regulars.desks.cli.saying import tell, warn

FOLDER: Final = Path(__file__).resolve().parents[4] / "bench"


@click.command()
@click.argument("name", required=False)
@click.option("--size", type=int, default=None, help="Lines or customers; each bench has its own usual size.")
def bench_command(name: str | None, size: int | None) -> None:
    """Measure our work against a peer's.

    Without a name, lists what there is. Wants the checkout, and what the benches are measured against: make bench.
    """
    there = {path.stem.rstrip("_"): path for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("_")}
    known = _("Benches: %(names)s") % {"names": ", ".join(there) or _("none; they live in the checkout")}
    if name is None:
        tell(known)
    elif name not in there:
        warn(known)
        raise click.exceptions.Exit(2)
    else:
        main = _main_of(there[name])
        main(size) if size else main()


def _main_of(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise click.ClickException(_("%(path)s cannot be read.") % {"path": path})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main
