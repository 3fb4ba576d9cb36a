"""The server's configuration files, sized to the machine they are for."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
GB = 1024 * MB
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  only measured
ANALYSTS = "regulars_bi"  # members log in by name and password
#: How many statements and rows analysts' logins have read. Switched on login by login, which only a superuser may do;
#: nothing of it is kept on the disk, and an analyst needs ten thousand differently shaped statements to push one out.
COUNTING = {
    "shared_preload_libraries": "'pg_stat_statements'",
    "pg_stat_statements.track": "none",
    "pg_stat_statements.track_utility": "on",
    "pg_stat_statements.max": 10_000,
    "pg_stat_statements.save": "off",
}
OUR_ROLES = r"/^regulars_\w+$"


@dataclass(frozen=True, slots=True)
class Machine:
    """What the server may count on: bytes of memory, processors, bytes of free disk, bytes of shared memory."""

    memory: int
    processors: int
    free_disk: int
    shared_memory: int

    @classmethod
    def here(cls, folder: Path) -> "Machine":
        """Measure this machine, within the limits a container sets, and the disk that holds `folder`."""
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return cls(
            memory=min([physical, *_container_limits()]),
            processors=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            free_disk=shutil.disk_usage(folder).free,
            shared_memory=shutil.disk_usage(SHARED_MEMORY).free if SHARED_MEMORY.is_dir() else 0,
        )


def configuration(machine: Machine, socket_folder: Path, *, counts: bool = False) -> str:
    """Return the text of `regulars.conf`: one private socket, nothing lost in a crash, no personal data in the log.

    With `counts`, PostgreSQL's own counting of statements is loaded; it counts nobody but whom it is told to.

    Shared buffers are a tenth of memory up to 1 GB: the warehouse and the page cache need the rest more.
    """
    settings: dict[str, str | int] = {
        # who can come in: the holder of the socket's folder, nobody over the network
        "listen_addresses": "''",
        "unix_socket_directories": _quoted(str(socket_folder)),
        "unix_socket_permissions": "0700",
        "max_connections": 300,
        "allow_alter_system": "off",
        # what a crash may cost: nothing that was committed
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # memory
        "shared_buffers": _megabytes(machine.memory // 10, 32 * MB, GB),
        "effective_cache_size": _megabytes(machine.memory // 2, 128 * MB, 64 * GB),
        "work_mem": _megabytes(machine.memory // 400, 4 * MB, 64 * MB),
        "maintenance_work_mem": _megabytes(machine.memory // 32, 64 * MB, GB),
        # containers often have 64 MB of /dev/shm; parallel joins die of it, files in the data folder do not
        "dynamic_shared_memory_type": "posix" if machine.shared_memory >= GB else "mmap",
        # writing: long, even checkpoints, as far as the disk allows
        "max_wal_size": _megabytes(machine.free_disk // 10, 256 * MB, 4 * GB),
        "min_wal_size": _megabytes(machine.free_disk // 100, 80 * MB, 512 * MB),
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "wal_level": "replica",
        # planning: solid-state disks, and queries too short for a compiler
        "random_page_cost": "1.1",
        "effective_io_concurrency": 64,
        "jit": "off",
        "max_worker_processes": max(8, machine.processors),
        "max_parallel_workers": machine.processors,
        "max_parallel_workers_per_gather": min(4, max(1, machine.processors // 2)),
        # a week of log; statements, parameters, errors and details stay out of it, for they hold customers' data
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "'%a.log'",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_truncate_on_rotation": "on",
        "log_min_messages": "log",  # an error quotes the value that did not fit; it is told to who asked
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "log_line_prefix": "'%m [%p] %u@%d '",
        "log_timezone": "'UTC'",
        # one meaning of text, dates and passwords on every machine
        "timezone": "'UTC'",
        "datestyle": "'ISO, YMD'",
        "lc_messages": "'C'",
        "default_text_search_config": "'pg_catalog.simple'",
        "password_encryption": "'scram-sha-256'",
        "cluster_name": "'regulars'",
    }
    return "".join(f"{name} = {value}\n" for name, value in (settings | (COUNTING if counts else {})).items())


def who_may_log_in() -> str:
    """Return `pg_hba.conf`: analysts by password and only to our databases; everybody else as the system knows them."""
    return (
        f'local "/^(test_)?regulars" +{ANALYSTS} scram-sha-256\n'
        f"local all +{ANALYSTS} reject\n"
        "local all all peer map=regulars\n"
    )


def who_is_who(accounts: Iterable[str]) -> str:
    """Return `pg_ident.conf`: these system accounts may log in as any of our roles, all others as none."""
    return "".join(f'regulars "{account}" "{OUR_ROLES}"\n' for account in accounts)


def _megabytes(wanted: int, least: int, most: int) -> str:
    return f"{max(least, min(wanted, most)) // MB}MB"


def _quoted(text: str) -> str:
    """Return the text as a value of postgresql.conf; this setting is a list, so the path has quotes of its own."""
    path = '"' + text.replace('"', '""') + '"'
    return "'" + path.replace("\\", "\\\\").replace("'", "''") + "'"


def _container_limits() -> list[int]:
    limits = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
    texts = [limit.read_text().strip() for limit in limits if limit.is_file()]
    return [int(text) for text in texts if text.isdigit()]
