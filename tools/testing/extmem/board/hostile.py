#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
hostile.py DIR: flattened device trees that no compiler makes, each as DIR/NAME.dtb.

Each has one lie. What it is to be told is in hostile.messages.
"""
import pathlib
import struct
import sys

MAGIC = 0xD00DFEED
BEGIN, END, PROP, NOP, FINISH = 1, 2, 3, 4, 9
HEADER = 40


def pad(data):
    return data + bytes(-len(data) % 4)


class Tree:
    """The structure and the strings, as they are written."""

    def __init__(self):
        self.struct = bytearray()
        self.strings = bytearray()

    def begin(self, name):
        self.struct += struct.pack(">I", BEGIN) + pad(name.encode() + b"\0")
        return self

    def end(self, count=1):
        self.struct += struct.pack(">I", END) * count
        return self

    def prop(self, name, value, length=None):
        at = len(self.strings)
        self.strings += name.encode() + b"\0"
        self.struct += struct.pack(">III", PROP, len(value) if length is None else length, at)
        self.struct += pad(value)
        return self

    def cells(self, name, *values):
        return self.prop(name, struct.pack(f">{len(values)}I", *values))

    def text(self, name, value):
        return self.prop(name, value.encode() + b"\0")

    def blob(self, finish=True, **header):
        body = bytes(self.struct) + (struct.pack(">I", FINISH) if finish else b"")
        reserves = bytes(16)
        off_struct = HEADER + len(reserves)
        off_strings = off_struct + len(body)
        fields = {
            "magic": MAGIC,
            "totalsize": off_strings + len(self.strings),
            "off_dt_struct": off_struct,
            "off_dt_strings": off_strings,
            "off_mem_rsvmap": HEADER,
            "version": 17,
            "last_comp_version": 16,
            "boot_cpuid_phys": 0,
            "size_dt_strings": len(self.strings),
            "size_dt_struct": len(body),
        }
        fields.update(header)
        return struct.pack(">10I", *fields.values()) + reserves + body + bytes(self.strings)


def region(tree, name="sram@0"):
    return (tree.begin(name).text("compatible", "extmem-region")
            .text("memory-type", "ram").cells("reg", 0, 0x1000))


def board():
    return Tree().begin("").cells("#address-cells", 1).cells("#size-cells", 1)


def deep(levels):
    tree = Tree().begin("")
    for _ in range(levels):
        tree.begin("a")
    return tree.end(levels + 1).blob()


def cells(address, size):
    tree = Tree().begin("").cells("#address-cells", 1).cells("#size-cells", 1)
    tree.begin("bus").text("compatible", "simple-bus").prop("ranges", b"")
    tree.cells("#address-cells", address).cells("#size-cells", size)
    return region(tree).end(3).blob()


def circle():
    """Two reservations that are each other's memory, and aliases that lead in a circle."""
    tree = board()
    tree.begin("aliases").text("a", "/aliases").text("b", "/b").end()
    tree.begin("b").text("compatible", "extmem-region").text("memory-type", "ram")
    tree.cells("phandle", 1).cells("memory-region", 2).end()
    tree.begin("c").text("compatible", "extmem-region").text("memory-type", "ram")
    tree.cells("phandle", 2).cells("memory-region", 1).end()
    tree.begin("d").text("compatible", "extmem-region").text("memory-type", "ram")
    tree.cells("phandle", 3).cells("memory-region", 3).end()
    return tree.end().blob()


def zero_cells():
    """A place for reservations where an address has no cells, and a size has none."""
    tree = Tree().begin("").cells("#address-cells", 0).cells("#size-cells", 0)
    tree.begin("memory").text("device_type", "memory").cells("reg", 0, 1).end()
    tree.begin("reserved-memory").cells("#address-cells", 0).cells("#size-cells", 0)
    tree.prop("ranges", b"")
    tree.begin("r").text("compatible", "extmem-region").text("memory-type", "ram")
    tree.prop("size", b"").prop("alloc-ranges", struct.pack(">4I", 0, 1, 2, 3)).end()
    return tree.end(2).blob()


def memory_to_the_end():
    tree = Tree().begin("").cells("#address-cells", 2).cells("#size-cells", 2)
    tree.begin("memory").text("device_type", "memory")
    tree.cells("reg", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 1, 1).end()
    tree.begin("last@0").text("compatible", "extmem-region").text("memory-type", "ram")
    tree.cells("reg", 0xFFFFFFFF, 0xFFFFF000, 0, 0x1000).end()
    return tree.end().blob()


def escape():
    """A name that would write on the terminal, and one that would end a tag."""
    tree = board()
    region(tree, "\x1b]0;owned\x07@0").text("label", "\x1b[31m").end()
    region(tree, "<script>@1000").end()
    return tree.end().blob()


def many_regions():
    tree = board()
    for i in range(2100):
        tree.begin(f"s{i}").text("compatible", "extmem-region").text("memory-type", "ram")
        tree.cells("reg", 0x1000 * i, 0x1000).end()
    return tree.end().blob()


good = region(board()).end(2)
trees = {
    "good": good.blob(),
    "empty": b"",
    "no-magic": b"this is no device tree\n",
    "cut-in-header": good.blob()[:20],
    "cut-in-struct": good.blob()[:90],
    "totalsize-large": good.blob(totalsize=0xFFFFFFF0),
    "totalsize-small": good.blob(totalsize=44),
    "struct-offset": good.blob(off_dt_struct=0xFFFFFFFC),
    "struct-size": good.blob(size_dt_struct=0xFFFFFFFF),
    "strings-offset": good.blob(off_dt_strings=0x7FFFFFFF),
    "strings-size": good.blob(size_dt_strings=0xFFFFFFFF),
    "reserve-offset": good.blob(off_mem_rsvmap=0xFFFFFFF8),
    "version-0": good.blob(version=0),
    "version-3": good.blob(version=3, last_comp_version=2),
    "version-future": good.blob(version=99, last_comp_version=99),
    "no-finish": board().end().blob(finish=False),
    "no-end": board().blob(),
    "end-too-often": board().end(3).blob(),
    "prop-length": board().prop("x", b"", length=0xFFFFFFFF).end().blob(),
    "prop-beyond": board().prop("x", b"abcd", length=4096).end().blob(),
    "prop-name": Tree().begin("").end().blob()[:-4] + struct.pack(">III", PROP, 0, 1 << 30),
    "name-unterminated": struct.pack(">10I", MAGIC, 64, 56, 64, 40, 17, 16, 0, 0, 8)
                         + bytes(16) + struct.pack(">I", BEGIN) + b"aaaa",
    "strings-unterminated": board().end().blob()[:-1],
    "token-unknown": Tree().begin("").blob()[:-4] + struct.pack(">I", 77),
    "two-roots": Tree().begin("").end().begin("").end().blob(),
    "root-named": Tree().begin("root").end().blob(),
    "deep-63": deep(62),
    "deep-bomb": deep(100000),
    "cells-negative": cells(0xFFFFFFFF, 1),
    "cells-huge": cells(0x7FFFFFFF, 0x7FFFFFFF),
    "cells-zero": cells(0, 0),
    "circle": circle(),
    "zero-cells": zero_cells(),
    "memory-to-the-end": memory_to_the_end(),
    "escape": escape(),
    "many-regions": many_regions(),
    "too-large": good.blob() + bytes(17 << 20),
}

if len(sys.argv) != 2:
    sys.exit("usage: hostile.py DIR")
for name, blob in trees.items():
    pathlib.Path(sys.argv[1], name + ".dtb").write_bytes(blob)
