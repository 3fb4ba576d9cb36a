"""Every bench still runs, on a thimbleful, and ends with its ratio or its p99. What it measures there means nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server

CHECKOUT = Path(__file__).parent.parent.parent
THIMBLES = {
    "import": "import bench.import_ as b; b.main(20_000, 1)",
    "view": "import bench.view as b; b.SCANS = b.TURNS = 1; b.main(2_000, 2_000)",
    "decrypt": "import bench.decrypt as b; b.RUNS = 1; b.main(500)",
    "withdrawal": "import bench.withdrawal as b; b.main(500, 5)",
    "events": "import bench.events as b; b.TURNS = 1; b.SECONDS = b.WARM_UP = 0.3; b.main(200)",
    "page": "import bench.page as b; b.SECONDS = b.WARM_UP = 0.1; b.CLERKS = 4; b.main(2_000, 1)",
}  # rfm wants packages of its own (`make bench` installs them)


@pytest.mark.engine
@pytest.mark.parametrize("name", THIMBLES)
def test_a_bench_runs_and_tells_its_ratio(name: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    for folder in (tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o711)
    told = {"REGULARS_BENCH_HOME": str(tmp_path / "house"), "REGULARS_HOME": str(tmp_path / "none")}
    without = {key: value for key, value in os.environ.items() if key != "REGULARS_TESTING"}
    try:
        done = _done(name, without | told)
    finally:
        Server(Home(tmp_path / "house")).discard()
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.match(rf"{name} (ratio|p99)=\d+\.\d+", done.stdout.splitlines()[-1])


def _done(name: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", THIMBLES[name]], cwd=CHECKOUT, env=environment, capture_output=True,
        text=True, check=False, timeout=240,
    )  # fmt: skip
