"""The embedded server starts once, lets in nobody else, and comes back whatever was killed."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from regulars.connections.home import Home
from regulars.connections.postgres.launch_errors import LauncherError
from regulars.connections.postgres.launcher import ADMINISTRATOR, Server
from regulars.connections.postgres.place import LONGEST_SOCKET, ROOTS_SHELF
from regulars.connections.postgres.postmaster import find_postmaster, survivors
from tests.connections.postgres.accounts import IS_ROOT, as_account

only_root = pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
START = """
import sys
from pathlib import Path
from regulars.connections.home import Home
from regulars.connections.postgres.launcher import Server
print(Server(Home(Path(sys.argv[1]))).start().pid, flush=True)
"""


def connect(server: Server, role: str = ADMINISTRATOR, database: str = "regulars", **more: str) -> psycopg.Connection:
    return psycopg.connect(**server.connection_parameters(role, database), **more, autocommit=True)


def value(server: Server, query: str) -> object:
    with connect(server) as connection:
        row = connection.execute(query).fetchone()
    return row and row[0]


def listening_on_tcp(pids: list[int]) -> set[str]:
    """The inodes of TCP sockets that these processes hold open and listen on."""
    held = {str(link.readlink()) for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()]
    return {fields[9] for fields in lines if fields[3] == "0A" and f"socket:[{fields[9]}]" in held}


def starter(home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", START, str(home.path)], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every account can reach; pytest's own are closed to all but us."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class TestStarting:
    def test_a_new_home_has_no_database_and_telling_so_makes_none(self, server: Server) -> None:
        assert server.status().state == "new"
        assert server.stop().state == "new"
        assert not server.home.path.exists()

    def test_the_second_start_finds_the_first_at_once(self, running: Server) -> None:
        first = running.status()
        began = time.monotonic()
        again = Server(running.home).start()
        assert time.monotonic() - began < 1
        assert again == first

    def test_a_stopped_server_starts_again_within_a_second_with_its_data(self, server: Server) -> None:
        server.start()
        with connect(server) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'kept' AS word")
        took = []
        for _ in range(3):  # of which the quickest counts: the machine may have other work
            assert server.stop().state == "stopped"
            began = time.monotonic()
            server.start()
            took.append(time.monotonic() - began)
        assert min(took) < 1
        assert value(server, "SELECT word FROM note") == "kept"

    def test_four_starters_at_once_start_one_server(self, server: Server) -> None:
        starters = [starter(server.home) for _ in range(4)]
        pids = {process.communicate()[0].strip() for process in starters}
        assert pids == {str(server.status().pid)}

    def test_the_server_outlives_the_one_who_started_it(self, server: Server) -> None:
        process = starter(server.home)
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
        process.communicate()
        assert server.status().running
        assert os.getsid(pid) not in (os.getsid(0), os.getpid())

    def test_text_numbers_and_time_mean_the_same_everywhere(self, running: Server) -> None:
        row = "concat(datlocprovider, ' ', datlocale, ' ', pg_encoding_to_char(encoding))"
        assert value(running, f"SELECT {row} FROM pg_database WHERE datname = 'regulars'") == "b C.UTF-8 UTF8"
        assert value(running, "SHOW timezone") == "UTC"
        assert value(running, "SELECT upper('é') || (length('王芳'))") == "É2"

    def test_chinese_names_have_trigrams(self, running: Server) -> None:
        with connect(running) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert value(running, "SELECT similarity('王芳', '王芳芳') > 0") is True

    def test_nothing_committed_can_be_lost_and_damage_is_noticed(self, running: Server) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert value(running, f"SHOW {setting}") == "on"


class TestKilled:
    def test_commits_survive_a_killed_server(self, server: Server) -> None:
        server.start()
        with connect(server) as connection:
            connection.execute("CREATE TABLE line AS SELECT generate_series(1, 50000) AS n")
            os.kill(server.status().pid or 0, signal.SIGKILL)
        assert server.start().running
        assert value(server, "SELECT count(*) FROM line") == 50000

    def test_a_busy_orphan_of_a_killed_server_is_ended_first(self, server: Server) -> None:
        server.start()
        busy = threading.Thread(target=self._count_forever, args=(server,))
        busy.start()
        while value(server, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%10000000000%'") != 2:
            time.sleep(0.02)
        os.kill(server.status().pid or 0, signal.SIGKILL)
        time.sleep(0.2)
        assert survivors(server.place.data)
        assert server.start().running
        busy.join()

    @staticmethod
    def _count_forever(server: Server) -> None:
        with pytest.raises(psycopg.OperationalError):
            value(server, "SELECT count(*) FROM generate_series(1, 10000000000)")

    def test_a_left_over_pid_that_belongs_to_a_stranger_by_now_is_seen_through(self, server: Server) -> None:
        server.start()
        server.stop()
        pid_file = server.place.data / "postmaster.pid"
        pid_file.write_text(
            f"{os.getpid()}\n{server.place.data}\n1\n5432\n{server.place.socket_folder}\n\n0 0\nready\n"
        )
        assert server.status().state == "stopped"
        assert server.stop().state == "stopped"
        assert server.start().running

    @pytest.mark.parametrize("after", [0.15, 0.3, 0.5, 0.8])
    def test_a_starter_killed_half_way_leaves_nothing_in_the_way(self, server: Server, after: float) -> None:
        process = starter(server.home)
        time.sleep(after)
        process.kill()
        process.communicate()
        assert server.start().running
        assert value(server, "SELECT 1") == 1

    def test_half_a_database_is_thrown_away(self, server: Server) -> None:
        server.start()
        server.stop()
        server.place.data.rename(server.place.folder / "data.new1")
        assert server.start().running
        assert not list(server.place.folder.glob("data.new*"))


class TestWhoComesIn:
    def test_it_listens_on_its_private_socket_only(self, running: Server) -> None:
        assert value(running, "SHOW listen_addresses") == ""
        assert running.place.socket_folder.stat().st_mode & 0o777 == 0o700
        assert running.place.data.stat().st_mode & 0o777 == 0o700
        assert value(running, "SELECT count(*) FROM pg_stat_activity WHERE client_addr IS NOT NULL") == 0
        assert not listening_on_tcp(survivors(running.place.data))

    @only_root
    def test_another_account_does_not_get_past_the_folder(self, running: Server) -> None:
        assert "Permission denied" in as_account("nobody", lambda: str(connect(running)))

    @only_root
    def test_another_account_at_the_socket_is_not_taken_for_any_role(self, open_folder: Path) -> None:
        server = Server(Home(open_folder / "home"))
        server.start()
        try:
            for path in (server.place.folder, server.place.socket_folder, server.place.socket):
                path.chmod(0o777)
            answer = as_account("daemon", lambda: str(connect(server)))
            assert 'Peer authentication failed for user "regulars_admin"' in answer
        finally:
            server.discard()

    def test_we_are_no_role_that_is_not_ours(self, running: Server) -> None:
        with connect(running) as connection:
            connection.execute("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN SUPERUSER")
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            connect(running, "stranger")

    def test_an_analyst_shows_her_password_and_reaches_our_database_only(self, running: Server) -> None:
        password = secrets.token_hex(8)
        with connect(running) as connection:
            connection.execute("DROP ROLE IF EXISTS regulars_ann, regulars_bi")
            connection.execute("CREATE ROLE regulars_bi NOLOGIN")
            connection.execute(f"CREATE ROLE regulars_ann LOGIN PASSWORD '{password}' IN ROLE regulars_bi")
        with connect(running, "regulars_ann", password=password) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("regulars_ann",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            connect(running, "regulars_ann")
        with pytest.raises(psycopg.OperationalError, match="rejects connection"):
            connect(running, "regulars_ann", "postgres", password=password)

    def test_roles_cannot_make_tables_in_the_databases_that_came_with_the_server(self, running: Server) -> None:
        with connect(running) as connection:
            connection.execute("DROP ROLE IF EXISTS regulars_reader; CREATE ROLE regulars_reader LOGIN")
        for database in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                connect(running, "regulars_reader", database)

    def test_the_log_holds_no_customer(self, running: Server) -> None:
        with connect(running) as connection:
            connection.execute("CREATE TEMP TABLE phone (number text PRIMARY KEY)")
            connection.execute("INSERT INTO phone VALUES (%s)", ["13800138000"])
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO phone VALUES (%s)", ["13800138000"])
        text = "".join(log.read_text() for log in (running.place.data / "log").glob("*.log"))
        assert "13800138000" not in text

    def test_psql_opens_with_the_command_it_hands_out(self, running: Server) -> None:
        command = running.psql_command(ADMINISTRATOR)
        done = subprocess.run([*command, "-Atc", "SELECT 6 * 7"], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "42"


class TestPlace:
    def test_a_home_with_a_very_long_path_gets_a_short_socket(self, tmp_path: Path) -> None:
        server = Server(Home(tmp_path / ("x" * 100) / ("客" * 30)))
        try:
            assert server.start().running
            assert len(os.fsencode(server.place.socket)) <= LONGEST_SOCKET
            assert value(server, "SELECT 1") == 1
        finally:
            server.discard()
        assert not server.place.socket_folder.exists()

    @pytest.mark.parametrize("name", ["Ann's shop", 'the "shop"', "客户, 老客户", "50%$HOME\\x"])
    def test_a_home_may_have_any_name(self, open_folder: Path, name: str) -> None:
        server = Server(Home(open_folder / name))
        try:
            server.start()
            assert value(server, "SELECT 1") == 1
        finally:
            server.discard()

    @only_root
    def test_root_keeps_the_database_in_the_home_when_its_server_can_get_there(self, open_folder: Path) -> None:
        server = Server(Home(open_folder / "home"))
        try:
            assert server.start().running
            assert server.place.folder == open_folder / "home" / "postgres"
            assert server.place.folder.owner() == server.status().account != "root"
        finally:
            server.discard()

    @only_root
    def test_root_opens_no_folder_for_its_server(self, tmp_path: Path) -> None:
        (tmp_path / "home").mkdir(mode=0o700)
        server = Server(Home(tmp_path / "home"))
        modes = [folder.stat().st_mode for folder in (server.home.path, *tmp_path.parents)]
        try:
            assert server.start().running
            assert server.place.folder.parent == ROOTS_SHELF
            assert Server(server.home).status().running
        finally:
            server.discard()
        assert modes == [folder.stat().st_mode for folder in (server.home.path, *tmp_path.parents)]

    @only_root
    def test_an_ordinary_user_has_a_server_of_its_own_account(self, open_folder: Path) -> None:
        home = Home(open_folder / "home")
        home.path.mkdir()
        shutil.chown(home.path, "daemon", "daemon")
        home.path.chmod(0o700)
        try:
            assert as_account("daemon", lambda: f"{Server(home).start().state}") == "running"
            assert as_account("daemon", lambda: str(value(Server(home), "SELECT current_user"))) == ADMINISTRATOR
            assert as_account("daemon", lambda: Server(home).stop().state) == "stopped"
            assert Server(home).start().account == "daemon"  # root leaves it its owner's
            assert as_account("daemon", lambda: str(value(Server(home), "SELECT 1"))) == "1"
        finally:
            Server(home).discard()

    @only_root
    def test_somebody_elses_database_is_named_as_such(self, open_folder: Path) -> None:
        server = Server(Home(open_folder / "home"))
        server.start()
        try:
            answer = as_account("daemon", lambda: str(Server(server.home).start()))
            assert answer.startswith("LauncherError")
            assert "REGULARS_HOME" in answer
        finally:
            server.discard()

    @only_root
    def test_a_folder_we_may_not_write_in_is_said_in_words(self, open_folder: Path) -> None:
        answer = as_account("daemon", lambda: str(Server(Home(open_folder / "home")).start()))
        assert f"The account daemon may not write in {open_folder}" in answer

    @only_root
    def test_a_socket_folder_laid_out_by_a_stranger_is_refused(self, open_folder: Path) -> None:
        home = Home(open_folder / ("y" * 120))
        home.path.mkdir()
        shutil.chown(home.path, "daemon", "daemon")
        place = as_account("daemon", lambda: str(Server(home).place.socket_folder))
        Path(place).mkdir(mode=0o777)
        try:
            assert "belongs to the account root" in as_account("daemon", lambda: str(Server(home).start()))
        finally:
            Path(place).rmdir()


class TestTrouble:
    def test_a_database_of_another_version_is_left_alone(self, server: Server) -> None:
        server.start()
        server.stop()
        (server.place.data / "PG_VERSION").write_text("16\n")
        with pytest.raises(LauncherError) as caught:
            server.start()
        assert caught.value.code == "wrong_version"
        assert caught.value.values["found"] == "16"

    def test_a_damaged_configuration_of_ones_own_is_quoted(self, server: Server) -> None:
        server.start()
        server.stop()
        (server.place.data / "own.conf").write_text("no_such_setting = 1\n")
        (server.place.data / "own.conf").chmod(0o644)
        with pytest.raises(LauncherError, match="no_such_setting"):
            server.start()

    @only_root
    def test_a_full_disk_is_said_in_words(self, open_folder: Path) -> None:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", open_folder], check=False).returncode:
            pytest.skip("this machine lets nobody mount a small disk")
        open_folder.chmod(0o755)
        server = Server(Home(open_folder / "home"))
        try:
            server.start()
            ballast = open_folder / "ballast"
            subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=1M"], check=False, capture_output=True)
            os.kill(server.status().pid or 0, signal.SIGKILL)
            with pytest.raises(LauncherError) as caught:
                server.start()
            assert caught.value.code == "disk_full"
            ballast.unlink()
            assert server.start().running
        finally:
            server.discard()
            subprocess.run(["umount", open_folder], check=True)

    def test_a_status_needs_no_rights_and_no_programs(self, tmp_path: Path) -> None:
        assert find_postmaster(tmp_path) is None
        assert Server(Home(tmp_path)).status().state == "new"
