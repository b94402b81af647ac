#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# seeds.sh DIR: DIR/rules and DIR/board, each with what its fuzzer begins with: the corpus
# and, for the boards, all trees of the tests.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
tests=$top/tools/testing/extmem/board

mkdir -p "$1/rules" "$1/board"
cp "$here"/corpus/rules/* "$1/rules/"
# Some of the wrong ones are wrong to dtc, too.
for file in "$top"/bindings/extmem/{right,wrong}/*.dts "$tests"/trees/*.dts; do
	dtc -q -f -I dts -O dtb -o "$1/board/$(basename "$file" .dts)" "$file" 2>/dev/null || true
done
for file in "$here"/corpus/board/*.dts; do
	dtc -q -f -I dts -O dtb -o "$1/board/$(basename "$file" .dts)" "$file"
done
"$tests/hostile.py" "$1/board"
