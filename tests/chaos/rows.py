"""Rows of the table `history` as events: the form of engine/store/history_row.h, read anew."""

import ctypes
import ctypes.util
import pathlib

DICTIONARY = pathlib.Path(__file__).parents[2] / "engine/store/dictionary_1.zstd"
CHAIN = 32

zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
for name in ("ZSTD_createDCtx", "ZSTD_createDDict"):
    getattr(zstd, name).restype = ctypes.c_void_p
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_decompress_usingDDict.restype = ctypes.c_size_t
words = DICTIONARY.read_bytes()
dictionary = ctypes.c_void_p(zstd.ZSTD_createDDict(words, ctypes.c_size_t(len(words))))
context = ctypes.c_void_p(zstd.ZSTD_createDCtx())


def expanded(frame):
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    text = ctypes.create_string_buffer(size)
    length = zstd.ZSTD_decompress_usingDDict(
        context, text, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)), dictionary
    )
    if length != size:
        raise ValueError("a row cannot be expanded")
    return text.raw


def number(content, place):
    """A number as LEB128, and where the next one begins."""
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def events_of(sequence, at, kinds, chain, body):
    """(sequence, microseconds, kind, body, chain value) of each event of a row.

    The value is None where the row has none: it then follows from the events before.
    """
    form, content = body[0], body[1:]
    if form > 3:
        raise ValueError(f"a row is in the form {form}")
    chains = [None] * (len(kinds) - 1) + [chain]
    if not form & 2:
        inner, content = content[: CHAIN * (len(kinds) - 1)], content[CHAIN * (len(kinds) - 1) :]
        chains[:-1] = [inner[i : i + CHAIN] for i in range(0, len(inner), CHAIN)]
    if form & 1:
        content = expanded(content)
    place, times, sizes = 0, [at], []
    for _ in kinds[1:]:
        step, place = number(content, place)
        size, place = number(content, place)
        times.append(times[-1] + ((step >> 1) ^ -(step & 1)))
        sizes.append(size)
    sizes.append(len(content) - place - sum(sizes))
    for i, kind in enumerate(kinds):
        yield sequence + i, times[i], kind, content[place : place + sizes[i]], chains[i]
        place += sizes[i]
