import tracemalloc

import msgspec

from ocppsim.protocol.kept_json import encode_to_keep


def taken_bytes(text_bytes: int) -> int:
    """What JSON with a text of that length takes while it is kept."""
    value = [2, "1", "x" * text_bytes]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = encode_to_keep(value)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept == msgspec.json.encode(value)
    return taken


def test_what_is_kept_takes_the_memory_of_its_length_alone() -> None:
    assert taken_bytes(350) - taken_bytes(50) == 300
    assert taken_bytes(5_000) - taken_bytes(50) == 4_950
