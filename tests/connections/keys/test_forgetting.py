"""A tree forgets the leaf it was told to forget, and no other."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.connections.home import Home
from regulars.connections.keys.forgetting import DEPTH, LEAVES, planted
from regulars.connections.keys.forgetting_file import TreeFile
from regulars.connections.keys.key_file import KeyFileError

ROOT = bytes(range(32))
leaves = st.one_of(st.integers(0, 40), st.integers(0, LEAVES - 1))


@given(st.lists(leaves, max_size=12), st.lists(leaves, min_size=1, max_size=30))
def test_forgotten_leaves_are_gone_and_all_others_are_what_they_were(gone: list[int], asked: list[int]) -> None:
    whole, tree = planted(ROOT), planted(ROOT)
    for leaf in gone:
        tree = tree.without(leaf)
    walk = tree.walk()
    for leaf in [*asked, *gone]:
        expected = None if leaf in gone else whole.leaf(leaf)
        assert walk(leaf) == tree.leaf(leaf) == expected
    assert tree.forgotten == frozenset(gone)


@given(st.lists(leaves, min_size=1, max_size=8, unique=True))
def test_nothing_that_is_kept_leads_to_what_was_forgotten(gone: list[int]) -> None:
    tree = planted(ROOT)
    for leaf in gone:
        tree = tree.without(leaf)
    for depth, place in tree.secrets:
        assert all(leaf >> (DEPTH - depth) != place for leaf in gone)
    assert len(tree.secrets) <= DEPTH * len(gone)


def test_different_leaves_have_different_secrets() -> None:
    walk = planted(ROOT).walk()
    assert len({walk(leaf) for leaf in range(2000)}) == 2000


@pytest.fixture
def file(tmp_path: Path) -> TreeFile:
    made = TreeFile(Home(tmp_path / "home"), "tree_1")
    made.plant()
    return made


def test_a_planted_tree_stays_and_only_its_owner_can_read_it(file: TreeFile) -> None:
    mark, tree = file.read()
    file.plant()
    assert file.read()[0] == mark
    assert file.read()[1].leaf(5) == tree.leaf(5)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_forgetting_reaches_the_disk_and_everybody_who_reads_it(file: TreeFile, tmp_path: Path) -> None:
    other = TreeFile(Home(tmp_path / "home"), "tree_1")
    mark, before = other.read()
    file.forget(5)
    after = other.read()[1]
    assert other.read()[0] == mark
    assert (after.leaf(5), after.leaf(4), after.forgotten) == (None, before.leaf(4), {5})
    secret = before.secrets[0, 0].hex()
    assert secret not in file.path.read_text()


def test_the_old_file_is_written_over(file: TreeFile) -> None:
    with file.path.open("rb") as old:
        file.forget(9)
        assert not any(old.read())


def test_many_may_forget_at_once(file: TreeFile, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda leaf: TreeFile(Home(tmp_path / "home"), "tree_1").forget(leaf), range(40)))
    tree = file.read()[1]
    assert tree.forgotten == frozenset(range(40))
    assert [leaf for leaf in range(60) if tree.leaf(leaf) is None] == list(range(40))


def test_a_damaged_or_open_tree_is_an_error(file: TreeFile) -> None:
    whole = file.path.read_text()
    file.path.write_text("\n".join(whole.splitlines()[:-1]))
    with pytest.raises(KeyFileError, match="should hold"):
        file.read()
    file.path.write_text(whole)
    file.path.chmod(0o644)
    with pytest.raises(KeyFileError, match="other accounts"):
        file.read()
    file.path.unlink()
    with pytest.raises(KeyFileError, match="not there"):
        file.read()
