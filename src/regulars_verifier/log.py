"""The log: every line in its batch, every batch in the tree, every checkpoint signed and following the one before."""

import hashlib
import json
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

from regulars_verifier.bundle import Bundle
from regulars_verifier.trees import add, is_signed, root_of_peaks, tree
from regulars_verifier.words import Said, some

NO_ONE_BEFORE = "0" * 64
LATE = timedelta(hours=1)
Told = dict[str, Any]


def check_log(bundle: Bundle) -> list[Said]:
    """Lines against batches, batches against the tree, the tree against the checkpoints, and these one by one."""
    chain: list[Told] = [json.loads(line) for line in bundle.lines("log/checkpoints.jsonl")]
    batches, before = bundle.lines("log/batches.jsonl"), bundle.json("log/before.json")
    said = [_signatures(chain, bundle.manifest["key"]), _links(chain), _tree(chain, batches, before)]
    said += [_joined([json.loads(batch) for batch in batches]), _lines(bundle, batches)]
    return [*said, _fresh(chain, bundle.manifest["made_at"])]


def goes_on(before: Bundle, now: Bundle) -> list[Said]:
    """Whether the log of a later bundle holds the end of an earlier one, and is therefore the same log grown on."""
    old = before.lines("log/checkpoints.jsonl")[-1]
    number = json.loads(old)["number"]
    there = {json.loads(line)["number"]: line for line in now.lines("log/checkpoints.jsonl")}
    if number not in there:
        return [Said(False, "goes_on_unknown", {"n": number})]
    return [Said(there[number] == old, "goes_on", {"n": number})]


def _signatures(chain: list[Told], key: str) -> Said:
    """Each is signed with the key of the bundle; whatever key it says itself, it cannot vouch for itself."""
    wrong = [one["number"] for one in chain if not is_signed(_signed_bytes(one), one["signature"], key)]
    return Said(bool(chain) and not wrong, "checkpoints_signed", {"n": len(chain), "what": some(wrong)})


def _links(chain: list[Told]) -> Said:
    """Each names the digest of the one before; numbers go up by one, and size, lines and time never down."""
    wrong = [now["number"] for before, now in pairwise(chain) if not _follows(before, now)]
    wrong += [1 for one in chain if one["number"] == 1 and one["previous"] != NO_ONE_BEFORE]
    return Said(not wrong, "checkpoints_follow", {"what": some(wrong)})


def _follows(before: Told, now: Told) -> bool:
    joins = now["previous"] == hashlib.sha256(_signed_bytes(before)).hexdigest()
    grows = all(now[what] >= before[what] for what in ("size", "lines", "at"))
    return bool(joins and grows and now["number"] == before["number"] + 1)


def _tree(chain: list[Told], batches: list[bytes], before: Told) -> Said:
    """The tree that stood before, grown batch by batch, passes through the root of every checkpoint."""
    peaks, size, left, wrong = [bytes.fromhex(peak) for peak in before["peaks"]], before["size"], iter(batches), []
    for one in chain:
        while size < one["size"] and (batch := next(left, None)) is not None:
            add(peaks, size, batch)
            size += 1
        if size != one["size"] or root_of_peaks(peaks).hex() != one["root"]:
            wrong.append(one["number"])
    spare = len(list(left))
    return Said(not wrong and not spare, "tree", {"n": len(batches), "what": some(wrong), "spare": spare})


def _joined(batches: list[Told]) -> Said:
    """Batches stand without a gap: by their numbers, and by the transactions their lines were written in."""
    wrong = [now["number"] for before, now in pairwise(batches) if now["number"] != before["number"] + 1]
    for book in {one["book"] for one in batches}:
        for before, now in pairwise(one for one in batches if one["book"] == book):
            moved = now["floor"] > before["floor"] and now["since"] == 0
            if not moved and (now["floor"], now["since"]) != (before["floor"], before["until"]):
                wrong.append(now["number"])
    return Said(not wrong, "batches_join", {"what": some(wrong)})


def _lines(bundle: Bundle, batches: list[bytes]) -> Said:
    wrong, count = [], 0
    for batch in map(json.loads, batches):
        data = bundle.archive.read(f"log/lines/{batch['number']:09}.jsonl")
        size, root = tree(line[:-1] for line in BytesIO(data))  # one by one: cutting all at once takes longer
        count += size
        if not data.endswith(b"\n") or size != batch["lines"] or root.hex() != batch["root"]:
            wrong.append(batch["number"])
    return Said(not wrong, "lines", {"n": count, "what": some(wrong)})


def _fresh(chain: list[Told], made_at: str) -> Said:
    """Whether the log was still being closed when the bundle was made."""
    is_late = datetime.fromisoformat(made_at) - datetime.fromisoformat(chain[-1]["at"]) > LATE
    return Said(not is_late, "fresh", {"when": chain[-1]["at"]})


def _signed_bytes(checkpoint: Told) -> bytes:
    """What was signed: the checkpoint without its signature, as RFC 8785 writes such plain values."""
    told = {name: value for name, value in checkpoint.items() if name != "signature"}
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
