#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel and extmem check say the same: of the nodes that a guest's kernel refuses, of
# the regions that it makes of each board, and of the bindings' examples.
. "$(dirname "$0")/lib.sh"

# What configs/boards/BOARD/expected has of a region before it is used.
expected()
{
	awk '!/^#/ && NF && $1 != "name" { print $1, $2, $3, $5, $6, $7, $8 }' \
		"$top/configs/boards/$1/expected" | sort
}

# found TREE [OPTION...]
found()
{
	"$EXTMEM" check --json --of-id myvendor,sram "$@" | python3 -c '
import json, sys
for r in json.load(sys.stdin)["regions"]:
    if r["standing"] == "good":
        address = "-" if r["address"] is None else hex(r["address"])
        print(r["name"], r["type"], r["policy"], hex(r["size"]), r["backend"], r["access"], address)' | sort
}

# The boot has taken these; nothing in the tree says what it takes.
#	/bad-taken, /reserved-memory/bad-image@40300000: the kernel's own image is there
unknowable='^/(bad-taken|reserved-memory/bad-image@40300000): '

bad=$top/tools/testing/guest/bad-qemu-arm64
if has_machines; then
	tree=$(board_tree qemu-arm64 "$bad.dtso")
	same "what a guest's kernel refuses" \
		"$(grep -v '^#' "$bad.messages" | grep -vE "$unknowable" | sort)" \
		"$(errors --of-id myvendor,sram "$tree" | sort)"
	same "what it refuses and no tree can tell" 2 \
		"$(grep -cE "$unknowable" "$bad.messages")"
	for dir in "$top"/configs/boards/*/; do
		board=$(basename "$dir")
		# A PC's tree has no CPUs to tell it by.
		options=()
		[ "$board" != qemu-x86_64 ] || options=(--arch x86)
		same "regions of $board" "$(expected "$board")" \
			"$(found "$(board_tree "$board")" "${options[@]}")"
	done
else
	skip "trees of boards" "QEMU or fdtoverlay is not installed"
fi

# Of an x86, for it has all four policies.
for file in "$top"/bindings/extmem/wrong/*.dts; do
	name=$(basename "$file" .dts)
	same "wrong: $name" "$(sed -n "s/^$name: //p" "$board_tests/wrong.messages")" \
		"$(errors --arch x86 "$file")"
done
for file in "$top"/bindings/extmem/right/*.dts; do
	name=$(basename "$file" .dts) arch=x86
	# Which cannot wait for a write, as that one wants.
	[ "$name" != bus ] || arch=arm64
	same "right: $name" "$(sed -n "s/^$name: //p" "$board_tests/right.messages")" \
		"$(errors --arch $arch "$file")"
done

# A line for an example that is gone would test nothing.
same "examples with a line, and none" "" "$(sed -n 's/^\([a-z0-9-]*\): .*/\1/p' \
	"$board_tests"/{wrong,right}.messages | while read -r name; do
		[ -e "$top/bindings/extmem/wrong/$name.dts" ] ||
		[ -e "$top/bindings/extmem/right/$name.dts" ] || echo "$name"
	done)"
finish
