"""The configuration fits the machine, from a container of 256 MB to a server of 4 TB."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from regulars.connections.postgres.tuning import GB, MB, Machine, configuration, who_is_who, who_may_log_in

MACHINES = st.builds(
    Machine,
    memory=st.integers(256 * MB, 4096 * GB),
    processors=st.integers(1, 512),
    free_disk=st.integers(200 * MB, 64 * 1024 * GB),
    shared_memory=st.integers(0, 512 * GB),
)
SOCKET = Path("/srv/regulars/postgres/socket")


def settings(machine: Machine, socket: Path = SOCKET) -> dict[str, str]:
    return dict(line.split(" = ", 1) for line in configuration(machine, socket).splitlines())


def megabytes(text: str) -> int:
    return int(text.removesuffix("MB"))


@given(MACHINES)
def test_memory_is_never_promised_twice(machine: Machine) -> None:
    chosen = settings(machine)
    buffers = megabytes(chosen["shared_buffers"])
    assert 32 <= buffers <= 1024
    assert buffers * MB <= max(machine.memory // 10, 32 * MB)
    assert megabytes(chosen["work_mem"]) <= 64
    assert megabytes(chosen["max_wal_size"]) <= max(256, machine.free_disk // MB // 10)
    assert megabytes(chosen["min_wal_size"]) <= megabytes(chosen["max_wal_size"])


def test_two_cores_and_24_gb() -> None:
    chosen = settings(Machine(24 * GB, 2, 80 * GB, 12 * GB))
    assert chosen["shared_buffers"] == "1024MB"
    assert chosen["max_wal_size"] == "4096MB"
    assert chosen["max_connections"] == "300"
    assert chosen["dynamic_shared_memory_type"] == "posix"


def test_a_container_with_little_shared_memory_keeps_parallel_joins_out_of_it() -> None:
    assert settings(Machine(GB, 2, 80 * GB, 64 * MB))["dynamic_shared_memory_type"] == "mmap"


def test_the_measured_machine_is_this_one(tmp_path: Path) -> None:
    here = Machine.here(tmp_path)
    assert here.memory > 256 * MB
    assert here.processors >= 1
    assert here.free_disk > 0


def test_a_quote_in_the_path_stays_in_the_path() -> None:
    chosen = settings(Machine(GB, 1, GB, GB), Path('/srv/Ann\'s "shop"/socket'))
    assert chosen["unix_socket_directories"] == '\'"/srv/Ann\'\'s ""shop""/socket"\''


def test_analysts_are_asked_before_anybody_is_believed() -> None:
    lines = who_may_log_in().splitlines()
    assert "scram-sha-256" in lines[0]
    assert "+regulars_bi" in lines[0]
    assert lines[-1] == "local all all peer map=regulars"
    assert not re.search(r"\b(trust|password|md5|host)\b", who_may_log_in())


def test_only_the_named_accounts_are_let_in() -> None:
    assert who_is_who(["root", "ann"]).splitlines() == [
        r'regulars "root" "/^regulars_\w+$"',
        r'regulars "ann" "/^regulars_\w+$"',
    ]
