"""The auditor's program against honest bundles and against bundles tampered with in every part.

Each bundle that was tampered with is signed anew with the true key as well: an insider who has it still cannot make
the parts agree with each other.
"""

import ast
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from regulars.connections.postgres.securing import Connection
from regulars.journeys.close_batch import close_batches
from regulars.journeys.disclose import NewContract, name_partner, sign_contract, stop_contract
from regulars.journeys.give_sql_login import give_sql_login, revoke_sql_login
from regulars.journeys.keep_own_attributes import (
    Classing,
    add_own_attribute,
    class_own_attribute,
    fill_own_attribute,
)
from regulars.journeys.write_bundle import write_bundle
from regulars.journeys.write_statement import publish
from regulars.records.access_log.actions import note_access
from regulars.records.company.access import today
from regulars.records.company.actions import ensure_branches
from regulars.rules.evidence import merkle
from regulars.rules.evidence.canonical import canonical
from regulars.rules.evidence.checkpoints import public_key, read_line, sign, signature_of
from regulars.rules.permission.errors import Denied
from regulars.rules.privacy.own_attributes import OwnAttribute
from regulars.rules.privacy.precedence import PRECEDENCE
from regulars.rules.privacy.views import ROLES, VIEWS, Within
from regulars_verifier import trees
from regulars_verifier.__main__ import verify
from regulars_verifier.bundle import Unreadable
from regulars_verifier.words import Said, in_words
from tests.cast import DORA, EMIL, MIA, NOON, ann, bob, cleo, wang_fang

Change = Callable[[Any], Any]
HONEST: list[bytes] = []
SHOWN = Classing("personal", "user.demographic", frozenset({"service"}))
SECRET = Classing("sensitive", "user.demographic.religious_belief", frozenset({"service", "oversight"}))
SEEN = ("standard", "assigned", "personal")
FOLDER = Path(trees.__file__).parent


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def living(house: None, tmp_path: Path) -> Path:
    """A bundle of a house where something has happened, and may go on happening."""
    for who in (ann(), bob(), cleo(), wang_fang()):
        note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=who.id)
        close_batches(at=now())
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    return write_bundle(tmp_path / "bundle.zip", by=EMIL, at=now(), since=NOON).path


@pytest.fixture
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The same bundle for every test that only changes its own copy."""
    if not HONEST:
        HONEST.append(request.getfixturevalue("living").read_bytes())
    (tmp_path / "bundle.zip").write_bytes(HONEST[0])
    return tmp_path / "bundle.zip"


def wrong(file: Path, **more: str | None) -> set[str]:
    """The codes of what does not hold."""
    return {one.code for one in verify(str(file), **more) if not one.holds}


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(file: Path, held: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    return file


def signed_anew(held: dict[str, bytes]) -> dict[str, bytes]:
    """The same with a manifest that fits it, signed by the house's own key."""
    seed = settings.KEYS.read("log_signing")
    told = json.loads(held["manifest.json"])
    told["files"] = {
        name: sha256(data).hexdigest() for name, data in held.items() if name not in ("manifest.json", "manifest.sig")
    }
    said = canonical(told)
    return {**held, "manifest.json": said, "manifest.sig": signature_of(said, seed).encode()}


def changed(file: Path, name: str, change: Change) -> Path:
    """One file understood, changed, and everything signed anew."""
    held = parts(file)
    if name.endswith(".jsonl"):
        lines = [json.loads(line) for line in held[name].splitlines()]
        held[name] = b"".join(canonical(one) + b"\n" for one in change(lines))
    else:
        held[name] = canonical(change(json.loads(held[name])))
    return packed(file.with_name("changed.zip"), signed_anew(held))


def line_file(held: dict[str, bytes]) -> str:
    return min(name for name in held if name.startswith("log/lines/"))


def test_everything_holds_for_an_honest_house(bundle: Path) -> None:
    assert [in_words(one) for one in verify(str(bundle)) if not one.holds] == []
    assert wrong(bundle, key=public_key(settings.KEYS.read("log_signing"))) == set()
    assert wrong(bundle, key="00" * 32) == {"key_expected"}


def test_it_says_which_rule_comes_first_and_through_which_view_each_role_looks(bundle: Path) -> None:
    told = json.loads(parts(bundle)["views.json"])
    assert told["precedence"] == {part: list(codes) for part, codes in PRECEDENCE.items()}
    assert {role: view for role, (view, _) in told["roles"].items()} == {
        role: view for role, (view, _) in ROLES.items()
    }
    assert {view.name for view in VIEWS} <= {one["name"] for one in told["views"]}


def test_limited_logins_and_partners_are_in_it_and_hold(living: Path, tmp_path: Path) -> None:
    """Rights, schemas and views of both are declared; a limit that is missing in the text of a view is named."""
    place = ensure_branches(["lake"])["lake"]
    give_sql_login("lea", view="standard", within=Within(branches=(place,)), by=EMIL, at=now())
    words = {"ref": "D-1", "purpose": "study", "fields": ["customer.city"], "promises": "deleted after use"}
    name_partner("acme", name="Acme", by=EMIL, at=now())
    lasts = {"valid_from": today(), "valid_until": today() + timedelta(days=9)}
    sign_contract("acme", NewContract(**words | lasts), by=EMIL, at=now())
    try:
        write_bundle(tmp_path / "more.zip", by=EMIL, at=now(), since=now() - timedelta(days=1))
        assert wrong(tmp_path / "more.zip") == set()
        widened = changed(tmp_path / "more.zip", "views.json", unlimited)
        assert "views_leave_out" in wrong(widened)
    finally:
        revoke_sql_login("bi_lea", by=EMIL, at=now())
        stop_contract("acme", because="over", by=EMIL, at=now())


def unlimited(told: Any) -> Any:
    """Lea's view of the customers without its bounds, in all three wordings."""
    for view in told["views"]:
        if view["name"] == "bi_lea":
            one = view["tables"]["customer"]
            for wording in ("compiled", "worded", "held"):
                one[wording] = one[wording].partition("home_branch_id = ANY")[0]
    return told


def test_the_companys_own_attributes_are_in_it_with_what_each_view_shows(house: None, tmp_path: Path) -> None:
    her = ann()
    for key, said in (("shoe_size", SHOWN), ("faith", None)):
        add_own_attribute(OwnAttribute(key, "text", key, key), by=EMIL, at=NOON)
        if said:
            class_own_attribute(key, said, by=EMIL, at=NOON)
        fill_own_attribute(her.number, key, "Zoroastrian 38", by=EMIL, because="told us", at=NOON)
    held = parts(write_bundle(tmp_path / "bundle.zip", by=EMIL, at=now(), since=NOON).path)
    faith, shoe = json.loads(held["own_attributes.json"])
    assert (shoe["data_class"], shoe["shown"], shoe["held"]) == ("personal", *[dict.fromkeys(SEEN, "keep")] * 2)
    assert (faith["data_class"], faith["shown"], faith["held"]) == ("", {}, {})
    assert not any(b"Zoroastrian" in data for data in held.values())


@pytest.fixture
def with_attributes(house: None, tmp_path: Path) -> Path:
    """A bundle of a house with a shoe size that everybody at a desk sees, and a faith that only the officer does."""
    ann()
    for key, said in (("shoe_size", SHOWN), ("faith", SECRET)):
        add_own_attribute(OwnAttribute(key, "text", key, key), by=EMIL, at=NOON)
        class_own_attribute(key, said, by=EMIL, at=NOON)
    publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
    return write_bundle(tmp_path / "bundle.zip", by=EMIL, at=now(), since=NOON).path


def attribute(key: str, shows: dict[str, str] | None = None, **more: Any) -> Change:
    """That attribute said otherwise; `shows` is what the house says of it and what it does."""

    def change(told: Any) -> Any:
        one = next(one for one in told if one["key"] == key)
        one |= more
        for what in ("shown", "held") if shows else ():
            one[what] |= shows
        return told

    return change


def test_own_attributes_of_an_honest_house_hold(with_attributes: Path) -> None:
    assert wrong(with_attributes) == set()
    (said,) = [one for one in verify(str(with_attributes)) if one.code == "own_attributes"]
    assert said.values["n"] == 2


@pytest.mark.parametrize(
    "change",
    [
        attribute("faith", {"standard": "keep"}),
        attribute("faith", held={"standard": "keep"}),
        attribute("faith", held={}),
        attribute("faith", {"nowhere": "keep"}),
        attribute("faith", data_class=""),
        attribute("shoe_size", retired=True),
        attribute("shoe_size", purposes=["delivery"]),
        attribute("shoe_size", {"anonymous": "keep"}, coarser="gone"),
        attribute("shoe_size", data_class="identifying"),
        attribute("shoe_size", data_class="sensitive"),
    ],
)
def test_an_own_attribute_shown_where_it_must_not_be_is_named(with_attributes: Path, change: Change) -> None:
    """By the house's own word against it, or by its class and purposes against the house's word; signed or not."""
    assert wrong(changed(with_attributes, "own_attributes.json", change)) == {"own_attributes"}


@pytest.mark.parametrize("change", [lambda told: {}, lambda told: [{"key": "x"}]])
def test_own_attributes_of_no_shape_are_told_not_thrown(with_attributes: Path, change: Change) -> None:
    assert wrong(changed(with_attributes, "own_attributes.json", change)) <= {"malformed"}


def test_a_checkpoint_cannot_vouch_for_itself(bundle: Path) -> None:
    """The last checkpoint signed anew by somebody else's key, which it names as its own."""
    seed = b"\x07" * 32

    def change(lines: list[Any]) -> list[Any]:
        told = canonical(lines[-1] | {"key": public_key(seed)})
        return [*lines[:-1], json.loads(sign(read_line(told).checkpoint, seed).line)]

    assert "checkpoints_signed" in wrong(changed(bundle, "log/checkpoints.jsonl", change))


def test_nobody_is_in_it_by_name_but_staff(bundle: Path) -> None:
    text = b"\n".join(parts(bundle).values()).decode()
    assert not [word for word in ("Ann", "Archer", "Baker", "王芳", "example.com", "C-2000") if word in text]
    assert '"who":"Dora"' in text


def test_only_the_officer_makes_one(house: None, tmp_path: Path) -> None:
    with pytest.raises(Denied):
        write_bundle(tmp_path / "bundle.zip", by=MIA, at=now(), since=NOON)
    assert list(tmp_path.iterdir()) == []


def test_every_file_is_guarded_by_the_signature(bundle: Path) -> None:
    """A byte changed, a file taken out, one put in, one twice: each is seen, whatever the file."""
    held = parts(bundle)
    for name in held:
        if name not in ("manifest.json", "manifest.sig"):
            data = held[name] + b" "
            assert "files_whole" in wrong(packed(bundle.with_name("x.zip"), {**held, name: data})), name
            without = {other: data for other, data in held.items() if other != name}
            assert "files_listed" in wrong(packed(bundle.with_name("x.zip"), without)), name
    assert "files_listed" in wrong(packed(bundle.with_name("x.zip"), {**held, "more.json": b"{}"}))
    told = json.loads(held["manifest.json"]) | {"made_by": "somebody"}
    assert wrong(packed(bundle.with_name("x.zip"), {**held, "manifest.json": canonical(told)})) == {"signature"}
    bent = held["manifest.sig"].replace(held["manifest.sig"][:2], b"00", 1)
    assert wrong(packed(bundle.with_name("x.zip"), {**held, "manifest.sig": bent})) == {"signature"}


def without_first(lines: list[Any]) -> list[Any]:
    return lines[1:]


def without_last(lines: list[Any]) -> list[Any]:
    return lines[:-1]


def with_first(**more: Any) -> Change:
    return lambda lines: [lines[0] | more, *lines[1:]]


def with_last(**more: Any) -> Change:
    return lambda lines: [*lines[:-1], lines[-1] | more]


def signed_last(**more: Any) -> Change:
    """The last checkpoint changed and signed by the true key."""

    def change(lines: list[Any]) -> list[Any]:
        told = canonical(lines[-1] | more)
        return [*lines[:-1], json.loads(sign(read_line(told).checkpoint, settings.KEYS.read("log_signing")).line)]

    return change


@pytest.mark.parametrize(
    ("name", "change", "codes"),
    [
        ("log/batches.jsonl", without_first, {"tree"}),
        ("log/batches.jsonl", without_last, {"tree"}),
        ("log/batches.jsonl", with_first(lines=99), {"tree", "lines"}),
        ("log/batches.jsonl", with_last(since=7), {"tree"}),
        ("log/batches.jsonl", lambda lines: [lines[0], lines[1] | {"since": 0}, *lines[2:]], {"tree", "batches_join"}),
        ("log/batches.jsonl", lambda lines: [*lines, lines[-1]], {"tree", "batches_join"}),
        ("log/batches.jsonl", lambda lines: [lines[1], lines[0], *lines[2:]], {"tree", "batches_join"}),
        ("log/checkpoints.jsonl", without_last, {"tree"}),
        ("log/checkpoints.jsonl", lambda lines: lines[:1] + lines[2:], {"checkpoints_follow"}),
        ("log/checkpoints.jsonl", with_first(root="00" * 32), {"checkpoints_signed", "checkpoints_follow", "tree"}),
        ("log/checkpoints.jsonl", with_last(at="2099-01-01T00:00:00.000000Z"), {"checkpoints_signed"}),
        ("log/checkpoints.jsonl", signed_last(root="00" * 32), {"tree"}),
        ("log/checkpoints.jsonl", signed_last(previous="00" * 32), {"checkpoints_follow"}),
        ("log/checkpoints.jsonl", signed_last(lines=0), {"checkpoints_follow"}),
        ("log/checkpoints.jsonl", lambda lines: [], {"malformed"}),
        ("log/before.json", lambda told: told | {"size": 1, "peaks": ["00" * 32]}, {"tree"}),
        ("log/before.json", lambda told: {}, {"malformed"}),
        ("statement.json", lambda told: [], {"statement"}),
        ("counts.json", lambda told: told | {"customers": 3}, {"choices", "people"}),
        ("counts.json", lambda told: told | {"findings": [{"code": "right_extra"}]}, {"own_check"}),
        ("counts.json", lambda told: [], {"malformed"}),
        ("dictionary.json", lambda told: told[1:], {"dictionary"}),
        ("rights.json", lambda told: told | {"columns": [*told["columns"], "customer.secret"]}, {"dictionary"}),
    ],
)  # fmt: skip
def test_a_part_changed_with_the_true_key_is_named(bundle: Path, name: str, change: Change, codes: set[str]) -> None:
    found = wrong(changed(bundle, name, change))
    assert codes <= found
    assert found <= codes | {"lines", "tree", "malformed"}


@pytest.mark.parametrize("change", [without_first, with_first(who="Nobody"), lambda lines: [*lines, lines[0]]])
def test_a_changed_line_is_named(bundle: Path, change: Change) -> None:
    assert wrong(changed(bundle, line_file(parts(bundle)), change)) == {"lines"}


def right(*words: str) -> Change:
    """One more right held that nobody declared."""

    def change(told: Any) -> Any:
        told["held"]["rights"].append([*words, ""])
        return told

    return change


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (right("regulars_marketing", "vault.customer", "SELECT"), {"held_rights", "logins_stay"}),
        (right("regulars_marketing", "personal.customer", "SELECT"), {"held_rights", "logins_stay"}),
        (right("regulars_marketing", "marketing.customer", "INSERT"), {"held_rights", "logins_stay"}),
        (right("PUBLIC", "vault.customer", "SELECT"), {"held_rights", "logins_stay"}),
        (right("bi_lin", "vault.customer", "SELECT"), {"held_rights", "logins_stay"}),
        (right("regulars_writer", "vault.customer", "DELETE"), {"held_rights"}),
    ],
)
def test_a_right_too_many_is_named(bundle: Path, change: Change, codes: set[str]) -> None:
    assert wrong(changed(bundle, "rights.json", change)) == codes


@pytest.mark.parametrize(("part", "code"), [("schemas", "held_schemas"), ("database", "held_database"),
                                            ("memberships", "held_memberships")])  # fmt: skip
def test_rights_beyond_tables_are_looked_at(bundle: Path, part: str, code: str) -> None:
    def change(told: Any) -> Any:
        told["held"][part].append(["regulars_marketing", "vault", "USAGE"])
        return told

    assert wrong(changed(bundle, "rights.json", change)) == {code}


def test_a_strong_role_is_named(bundle: Path) -> None:
    def change(told: Any) -> Any:
        told["roles"]["regulars_marketing"]["strong"] = True
        return told

    assert wrong(changed(bundle, "rights.json", change)) == {"roles_weak"}


def in_view(view: str, table: str, change: Change) -> Change:
    def changed_views(told: Any) -> Any:
        one = next(one for one in told["views"] if one["name"] == view)["tables"][table]
        one |= change(one)
        return told

    return changed_views


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda one: {"held": one["held"].partition("WHERE")[0]}, {"views_as_compiled"}),
        (lambda one: {"held": (cut := one["held"].partition("WHERE")[0]), "worded": cut}, {"views_leave_out"}),
        (lambda one: {"barrier": False}, {"views_barrier"}),
        (lambda one: {"owner": "regulars_vault"}, {"views_barrier"}),
        (
            lambda one: dict.fromkeys(
                ("held", "worded"), one["held"].replace("NULL::bytea AS id_document", "id_document")
            ),
            {"views_close"},
        ),
    ],
)  # fmt: skip
def test_a_view_that_shows_more_is_named(bundle: Path, change: Change, codes: set[str]) -> None:
    assert wrong(changed(bundle, "views.json", in_view("marketing", "customer", change))) == codes


def test_a_view_changed_in_the_house_itself_is_named(
    house: None, tmp_path: Path, administrator_connection: Connection
) -> None:
    ann()
    administrator_connection.execute("GRANT SELECT ON vault.customer TO regulars_standard")
    try:
        publish({"en": "We keep little.", "zh-hans": "我们只留必要的。"}, by=EMIL, at=NOON)
        file = write_bundle(tmp_path / "b.zip", by=EMIL, at=now(), since=NOON).path
    finally:
        administrator_connection.execute("REVOKE SELECT ON vault.customer FROM regulars_standard")
    assert wrong(file) == {"held_rights", "logins_stay", "own_check"}


def test_a_later_bundle_goes_on_from_an_earlier_one(living: Path) -> None:
    note_access(DORA, door="open_customer", because="serving", rows=1, customer_id=4)
    later = write_bundle(living.with_name("later.zip"), by=EMIL, at=now(), since=NOON).path
    assert wrong(later, before=str(living)) == set()
    assert wrong(living, before=str(later)) == {"goes_on_unknown"}
    short = write_bundle(living.with_name("short.zip"), by=EMIL, at=now(), since=now()).path
    assert wrong(short) == set()
    assert wrong(short, before=str(living)) == {"goes_on_unknown"}


def test_a_log_rewritten_between_two_bundles_is_another(living: Path, administrator_connection: Connection) -> None:
    for table in ("log_checkpoint", "log_batch"):
        administrator_connection.execute(f"DELETE FROM vault.{table}".encode())
    administrator_connection.execute(
        "DELETE FROM vault.access_entry WHERE id = (SELECT max(id) FROM vault.access_entry)"
    )
    for _ in range(8):
        note_access(DORA, door="open_customer", because="serving", rows=1)
        close_batches(at=now())
    later = write_bundle(living.with_name("later.zip"), by=EMIL, at=now(), since=NOON).path
    assert {"goes_on", "own_check"} == wrong(later, before=str(living))


def test_a_log_nobody_closed_is_not_fresh(bundle: Path) -> None:
    held = parts(bundle)
    late = (now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    held["manifest.json"] = canonical(json.loads(held["manifest.json"]) | {"made_at": late})
    assert wrong(packed(bundle.with_name("x.zip"), signed_anew(held))) == {"fresh"}


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 40])
def test_what_is_no_bundle(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(Unreadable):
        verify(str(tmp_path / "x"))
    with pytest.raises(Unreadable):
        verify(str(tmp_path / "absent"))
    with pytest.raises(Unreadable):
        verify(str(packed(tmp_path / "y", {"manifest.json": b'{"kind":"other","key":"","files":{}}',
                                           "manifest.sig": b""})))  # fmt: skip


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """The program by itself, where nothing of the house can be imported but what lies beside it."""
    program = (
        f"import sys; sys.path.insert(0, {str(FOLDER.parent)!r});"
        "sys.modules['regulars'] = sys.modules['django'] = None;"
        "from regulars_verifier.__main__ import main; main()"
    )
    return subprocess.run([sys.executable, "-I", "-c", program, *words], capture_output=True, text=True, check=False)


def test_the_program_says_it_in_both_languages(bundle: Path) -> None:
    done = run(str(bundle), "--english")
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ Everything holds." in done.stdout
    assert "✗" not in done.stdout
    assert "✓ 全部成立。" in run(str(bundle), "--chinese").stdout
    broken = changed(bundle, line_file(parts(bundle)), without_first)
    done = run(str(broken), "--english")
    assert done.returncode == 1
    assert "✗ 1 things do not hold." in done.stdout
    assert run(str(bundle.parent / "absent"), "--english").returncode == 2


def test_every_code_has_its_sentences() -> None:
    table = [line.split(" | ") for line in (FOLDER / "words.txt").read_text().splitlines()]
    assert all(len(row) == 5 and all(cell.strip() for cell in row) for row in table)
    said = {row[0] for row in table}
    code = "".join(file.read_text() for file in FOLDER.glob("*.py"))
    used = {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)} & said
    assert said - used <= {"held_rights", "held_schemas", "held_database", "held_memberships"}
    assert in_words(Said(True, "verdict", {"n": 0})) == "✓ Everything holds."


def test_it_is_short_and_stands_alone() -> None:
    files = sorted(FOLDER.glob("*.py"))
    assert sum(len(file.read_text().splitlines()) for file in files) <= 445
    imported = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= {*sys.stdlib_module_names, "cryptography", "regulars_verifier"}


@given(st.lists(st.binary(max_size=30), max_size=70), st.integers(0, 70))
def test_both_programs_grow_the_same_trees(leaves: list[bytes], cut: int) -> None:
    """They share no line, so they check each other."""
    assert trees.tree(leaves) == (len(leaves), merkle.root_of(leaves))
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves[:cut]):
        trees.add(peaks, size, leaf)
    assert trees.root_of_peaks(peaks) == merkle.root_of(leaves[:cut])


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2047, 2048, 3073])
def test_trees_of_several_pieces_are_the_same(size: int) -> None:
    leaves = [b"%d" % n for n in range(size)]
    assert trees.tree(iter(leaves)) == (size, merkle.root_of(leaves))


@pytest.mark.parametrize("more", [b"x", b'{"id":99}'])
def test_what_stands_behind_the_last_line_is_told(bundle: Path, more: bytes) -> None:
    held = parts(bundle)
    name = line_file(held)
    for data in (held[name] + more, held[name][:-1], held[name][:-1] + more[:1]):
        assert wrong(packed(bundle.with_name("x.zip"), signed_anew({**held, name: data}))) & {"lines", "malformed"}


def flipped(file: Path, name: str) -> Path:
    """One byte of that part changed behind the archive's back, so that not even its checksum holds."""
    with zipfile.ZipFile(file) as archive:
        start = archive.getinfo(name).header_offset + 30 + len(name)
    said = bytearray(file.read_bytes())
    said[start + 3] ^= 0xFF
    (file.with_name("flipped.zip")).write_bytes(said)
    return file.with_name("flipped.zip")


@pytest.mark.parametrize("name", ["dictionary.json", "counts.json", "log/checkpoints.jsonl", "log/batches.jsonl"])
def test_a_part_whose_checksum_does_not_hold_is_named_and_the_rest_still_looked_at(bundle: Path, name: str) -> None:
    said = {one.code: one for one in verify(str(flipped(bundle, name)))}
    assert name in said["files_whole"].values["what"]
    assert not said["malformed"].holds


@pytest.mark.parametrize("name", ["manifest.json", "dictionary.json", "counts.json", "log/before.json"])
def test_a_part_nested_without_end_is_told_not_thrown(bundle: Path, name: str) -> None:
    deep = packed(bundle, {**parts(bundle), name: b"[" * 200_000})
    if name == "manifest.json":
        with pytest.raises(Unreadable):
            verify(str(deep))
    else:
        assert "malformed" in wrong(deep)


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_what_is_larger_than_its_file_is_never_unfolded(bundle: Path, how: int) -> None:
    held = parts(bundle)
    with zipfile.ZipFile(bundle, "w", how) as archive:
        for name, data in held.items():
            archive.writestr(name, data + bytes(50_000_000) if name == "counts.json" else data)
    with pytest.raises(Unreadable, match="not stored as it is"):
        verify(str(bundle))


def test_a_locked_part_is_told_not_thrown(bundle: Path) -> None:
    said = bytearray(bundle.read_bytes())
    last = said.rfind(b"PK\x01\x02")
    said[last + 8] |= 1
    bundle.write_bytes(said)
    with pytest.raises(Unreadable):
        verify(str(bundle))


def test_tens_of_thousands_of_parts_take_seconds(bundle: Path) -> None:
    many = packed(bundle, parts(bundle) | {f"part-{n}": b"" for n in range(30_000)})
    begun = perf_counter()
    assert "files_listed" in wrong(many)
    assert perf_counter() - begun < 20


def test_a_bundle_cannot_write_its_own_verdict_on_the_screen(bundle: Path) -> None:
    said = in_words(
        Said(True, "bundle", {"who": "\x1b[2J\n✓ Everything holds\u202e\ud800", "when": "", "n": 1, "key": ""})
    )
    assert "\n" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert said.encode()
