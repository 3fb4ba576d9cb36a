"""Nothing in the project names a machine or a registry, and folders are called after what is in them."""

import re
import tomllib

from tests.house.files import PROJECT, TAKEN_OVER, inside, own_files, own_texts, project_files

# Written in pieces, so that this file does not find itself.
OF_ONE_MACHINE = [
    re.compile(pattern)
    for pattern in (
        r"/work" + r"/(main|shared|\.)",
        r"/tmp" + r"/probe",
        r"/root" + r"/\.",
        r"/home" + r"/(?!user\b|ann\b)[a-z]+/",
        r"/Users" + r"/[A-Za-z]+/",
    )
]
REGISTRIES = re.compile(
    "|".join(
        map(
            re.escape,
            (
                "pypi" + ".org",
                "python" + "hosted",
                "npmjs" + ".",
                "deb.debian" + ".org",
                "index" + "-url =",
                "/opt" + "/pypi",
            ),
        )
    )
)
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "services", "managers", "misc", "lib"}


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{inside(path)}: {hit[0]}" for path, text in own_texts() for p in OF_ONE_MACHINE if (hit := p.search(text))
    ]
    assert not found


def test_no_file_names_a_registry() -> None:
    found = [f"{inside(path)}: {hit[0]}" for path, text in own_texts() if (hit := REGISTRIES.search(text))]
    assert not found


def test_every_folder_and_module_says_what_is_in_it() -> None:
    names = {
        (part, inside(path)) for path in own_files("") for part in (*path.relative_to(PROJECT).parts[:-1], path.stem)
    }
    assert not [where for part, where in names if part in SAYS_NOTHING]


def test_what_was_taken_over_comes_with_its_licence() -> None:
    folders = {path.relative_to(PROJECT / start).parts[0] for start in TAKEN_OVER for path in taken_over(start)}
    assert folders, "no folder of things taken over: has it moved?"
    assert not [name for name in folders if not list((PROJECT / TAKEN_OVER[0] / name).glob("LICENSE*"))]


def taken_over(start: str) -> list[object]:
    """The files in folders below that one (a file beside the folders explains them)."""
    return [path for path in project_files() if inside(path).startswith(start) and "/" in inside(path)[len(start) :]]


def test_every_package_we_ask_for_is_locked_with_its_hash() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups, extras = project["dependency-groups"], project["project"]["optional-dependencies"]
    wanted = {
        "requirements.txt": project["project"]["dependencies"] + groups["build"],
        "requirements-dev.txt": project["project"]["dependencies"] + groups["dev"],
        "requirements-bench.txt": project["project"]["dependencies"] + groups["bench"] + extras["matching"],
        "requirements-matching.txt": project["project"]["dependencies"] + extras["matching"],
        "requirements-recordlinkage.txt": groups["recordlinkage"],
        "requirements-uv.txt": groups["uv"],
    }
    for lock, packages in wanted.items():
        text = (PROJECT / lock).read_text()
        missing = [
            name
            for package in packages
            if not re.search(rf"^{re.escape(name := package_name(package))}==", text, re.MULTILINE)
        ]
        assert not missing, f"{lock} is behind pyproject.toml (make lock): {missing}"
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert not [block for block in blocks if "==" in block and "--hash=sha256:" not in block]


def package_name(package: str) -> str:
    """'psycopg[binary]>=3.3' is psycopg; underscores and capitals do not count."""
    return re.split(r"[\[<>=!~; ]", package)[0].lower().replace("_", "-")


def test_what_runs_the_house_has_the_same_version_everywhere() -> None:
    locks = [dict(re.findall(r"^([\w.-]+)==(\S+)", (PROJECT / name).read_text(), re.MULTILINE)) for name in
             ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt",
              "requirements-matching.txt")]  # fmt: skip
    first, *others = locks
    differing = [
        f"{name} {first[name]} {other[name]}"
        for other in others
        for name in other
        if first.get(name, other[name]) != other[name]
    ]
    assert not differing
