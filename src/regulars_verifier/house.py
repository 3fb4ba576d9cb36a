"""Who can reach what: views against the dictionary, the rights PostgreSQL really holds against both; the figures."""

import re
from typing import Any

from regulars_verifier.bundle import Bundle
from regulars_verifier.words import Said, some

CLOSE, WRITERS = ("identifying", "sensitive"), ("regulars_writer", "regulars_log")
Told = dict[str, Any]


def check_dictionary(bundle: Bundle) -> list[Said]:
    """Every column is classed, and nothing lies in the database that nobody has classed."""
    classed = {f"{table['name']}.{column['name']}" for table in bundle.json("dictionary.json")
               for column in table["columns"]}  # fmt: skip
    wrong = sorted(classed ^ set(bundle.json("rights.json")["columns"]))
    return [Said(not wrong, "dictionary", {"n": len(classed), "what": some(wrong)})]


def check_views(bundle: Bundle) -> list[Said]:
    """Each view is held as compiled, as a barrier, by its own owner; closes what it says; leaves out who said no."""
    tables = {table["name"]: table for table in bundle.json("dictionary.json")}
    held = [(f"{view['name']}.{name}", view, tables[name], one)
            for view in bundle.json("views.json")["views"] for name, one in view["tables"].items()]  # fmt: skip
    wrong = {
        "views_as_compiled": [name for name, _, _, one in held if one["held"] != one["worded"]],
        "views_barrier": [name for name, view, _, one in held if not one["barrier"] or one["owner"] != view["owner"]],
        "views_close": [name for name, view, table, one in held if _opens(view, table, one["worded"])],
        "views_leave_out": [name for name, view, table, one in held if _keeps_rows(view, table, one["worded"])],
    }
    return [Said(bool(held) and not what, code, {"n": len(held), "what": some(what)}) for code, what in wrong.items()]


def check_own(bundle: Bundle) -> list[Said]:
    """What the company added of its own is shown where the house says so, and where its class and purposes allow it."""
    views = {view["name"]: view for view in bundle.json("views.json")["views"]}
    told = bundle.json("own_attributes.json")
    wrong = [one["key"] for one in told if one["held"] != one["shown"]
             or not all(_may_show(views.get(name, {}), one, how) for name, how in one["held"].items())]  # fmt: skip
    return [Said(not wrong, "own_attributes", {"n": len(told), "what": some(wrong)})]


def check_rights(bundle: Bundle) -> list[Said]:
    """The rights held are the rights declared, and what is held lets a login see its own view and no table."""
    told = bundle.json("rights.json")
    views = {view["login"]: view["name"] for view in bundle.json("views.json")["views"]}
    said = [_as_declared(code, told["held"][code], told["declared"][code]) for code in sorted(told["declared"])]
    strayed = [" ".join(right) for right in told["held"]["rights"] if _strays(right, views, told["roles"])]
    strong = [name for name, role in told["roles"].items() if role["strong"]]
    said.append(Said(not strayed, "logins_stay", {"n": len(views), "what": some(strayed)}))
    return [*said, Said(not strong, "roles_weak", {"n": len(told["roles"]), "what": some(strong)})]


def check_counts(bundle: Bundle) -> list[Said]:
    """Yes, no and nothing said are everybody; a view has the people who allow it; a statement is in force."""
    told = bundle.json("counts.json")
    wrong = [c["allows"] for c in told["choices"] if c["granted"] + c["denied"] + c["unset"] != told["customers"]]
    allowed = {c["allows"]: c["holds"] for c in told["choices"]} | {"": told["customers"]}
    views = {view["name"]: view for view in bundle.json("views.json")["views"]}
    uneven = [f"{name} {rows}" for name, rows in told["people_in_view"].items()
              if not _is_even(views[name], rows, allowed[views[name]["allows"]])]  # fmt: skip
    languages = sorted(one["language"] for one in bundle.json("statement.json") if one["body"].strip())
    return [
        Said(not wrong, "choices", {"n": told["customers"], "what": some(wrong)}),
        Said(not uneven, "people", {"what": some(uneven)}),
        Said(bool(languages), "statement", {"what": some(languages)}),
        Said(not told["findings"], "own_check", {"n": len(told["findings"]), "when": told["checked_at"]}),
    ]


def _is_even(view: Told, people: int, allowed: int) -> bool:
    """Whoever is new today gets her key for the anonymous view only tonight, so that one may have fewer."""
    return people < allowed if view["renewed_keys"] and people != allowed else people == allowed


def _opens(view: Told, table: Told, sql: str) -> bool:
    """Whether a column close to a person, which the view says it closes, is anything but NULL in its SQL."""
    shown = view.get("base") or view["name"]
    closed = [c["name"] for c in table["columns"] if c["class"] in CLOSE and c["shown"].get(shown) == "gone"]
    return not all(re.search(rf'NULL::[a-z ()\[\],.0-9]+? AS "?{re.escape(name)}"?[\s,]', sql) for name in closed)


def _may_show(view: Told, one: Told, how: str) -> bool:
    """Whether it is in use and classed, may serve the view's purpose, and is neither too close nor too fine for it."""
    serves = one["data_class"] and not one["retired"] and (view.get("exact") or view.get("purpose") in one["purposes"])
    opens = view.get("secrets") or (view.get("contacts") and one["data_class"] == "identifying")
    coarse = how == one["coarser"] or not view.get("renewed_keys")
    return bool(serves and coarse and (opens or one["data_class"] not in CLOSE))


def _keeps_rows(view: Told, table: Told, sql: str) -> bool:
    """Whether a view has rows of people without asking what it says it asks: a purpose, a branch, a brand."""
    within, rule = view.get("within") or {}, sql.partition("WHERE")[2]
    asked = [view["allows"], *(["home_branch_id"] if within.get("branches") else []), *within.get("brands", [])]
    return bool(table["person"]) and not all(one in rule for one in asked)


def _strays(right: list[str], views: dict[str, str], roles: Told) -> bool:
    """Whether a login reads a table past the views, or a view that is not its own; or everybody may anything."""
    role, relation, privilege = right[:3]
    if role in views:
        return not relation.startswith(f"{views[role]}.") or privilege != "SELECT"
    logs_in = role not in WRITERS and (role not in roles or roles[role]["logs_in"])
    return logs_in and (role == "PUBLIC" or relation.startswith("vault."))


def _as_declared(code: str, held: list[list[Any]], declared: list[list[Any]]) -> Said:
    there, wanted = ({" ".join(map(str, fact)) for fact in facts} for facts in (held, declared))
    wrong = [f"+ {fact}" for fact in sorted(there - wanted)] + [f"- {fact}" for fact in sorted(wanted - there)]
    return Said(not wrong, f"held_{code}", {"n": len(wanted), "what": some(wrong)})
