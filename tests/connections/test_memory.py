"""What a process has freed goes back to the machine."""

import subprocess
import sys

import pytest

BLOCKS = """
from threading import Thread
from regulars.connections.memory import give_back_freed_memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

bytearray(30 << 20)  # freed, and glibc learns to keep blocks as large as this one
if {asked}:
    give_back_freed_memory()
begun = resident()

def fill():
    blocks = [bytearray(b"x") * (1 << 20) for _ in range(100)]
    del blocks

threads = [Thread(target=fill) for _ in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(resident() - begun)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_was_freed_is_not_kept() -> None:
    code = BLOCKS.format(asked=True)
    kept = int(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout)
    assert kept < 16 << 20


def test_arrow_takes_its_memory_from_the_system() -> None:
    code = "import regulars.site.settings, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    said = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert said.strip() == "system"
