#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# corpus.sh DIR: trees for the fuzzer to begin with.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../../.." && pwd)

# Some of the wrong ones are wrong to dtc, too.
for file in "$top"/bindings/extmem/{right,wrong}/*.dts "$here"/trees/*.dts; do
	dtc -q -f -I dts -O dtb -o "$1/$(basename "$file" .dts).dtb" "$file" 2>/dev/null || true
done
"$here/hostile.py" "$1"
