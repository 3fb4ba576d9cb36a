"""`regulars bench NAME`: our work against a peer's, in one run on one machine."""

import importlib.util
from pathlib import Path
from typing import Any, Final

import click

from regulars.desks.cli.saying import OUT

FOLDER: Final = Path(__file__).resolve().parents[4] / "bench"


@click.command()
@click.argument("name", required=False)
@click.option("--size", type=int, default=None, help="Lines or customers; each bench has its own usual size.")
def bench_command(name: str | None, size: int | None) -> None:
    """Run one bench, or list them. Wants the checkout, and the bench requirements installed (make bench)."""
    there = {path.stem.rstrip("_"): path for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("_")}
    if name is None or name not in there:
        OUT.print("Benches: " + (", ".join(there) or "none; they live in the checkout"), highlight=False)
        raise click.exceptions.Exit(0 if name is None else 2)
    main = _main_of(there[name])
    main(size) if size else main()


def _main_of(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise click.ClickException(f"{path} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main
