#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Advice: each kind where it is due, nowhere else, and none that is not wanted.
. "$(dirname "$0")/lib.sh"

tree=$board_tests/trees/advice.dts

# Nodes are named after what is to be said of them, so "KIND /path/KIND@ADDRESS".
said()
{
	"$EXTMEM" check "$@" | sed -nE 's,.* advice: (/[^:]*): .* \[(.*)\]$,\2 \1,p'
}

same "no errors" "" "$(errors "$tree")"
same "each kind where it is due" "" \
	"$(said "$tree" | grep -vE '^([a-z-]+) .*/\1(@[0-9a-f]+)?$' | grep -v '^memory-hole /memory@40000000$')"
same "as often as it is due" \
	"huge-pages memory-hole memory-overlap memory-overlap no-device no-map pool-alignment shared-address slow-policy slow-policy" \
	"$(kinds "$tree" | paste -sd' ')"
same "the hole that is left" "0x50008000-0x5000ffff" \
	"$("$EXTMEM" check "$tree" | sed -n 's/.*the hole \([^,]*\),.*/\1/p')"

# On these machines there are no huge entries of page frames, and other sizes of pools.
same "no huge pages on riscv64" "" "$(kinds --arch riscv64 "$tree" | grep huge)"
same "larger huge pages of larger pages" "0x2000000" \
	"$("$EXTMEM" check --page-size 16k "$board_tests/trees/huge.dts" | sed -n 's/.*begin at a multiple of \([^ ]*\) .*/\1/p')"

same "--allow takes a kind away" "memory-hole" \
	"$(kinds --allow huge-pages --allow memory-overlap --allow no-device --allow no-map \
		--allow pool-alignment --allow shared-address --allow slow-policy "$tree" | paste -sd' ')"
says "--allow of no kind" 2 'there is no advice "hugepages"' \
	"$EXTMEM" check --allow hugepages "$tree"

code()
{
	"$EXTMEM" check "$@" >/dev/null
	echo $?
}

same "advice alone is good" 0 "$(code "$tree")"
same "advice with --strict is not" 1 "$(code --strict "$tree")"
same "nothing to say is good with --strict" 0 "$(code --strict --arch arm64 "$board_tests/trees/clean.dts")"
same "errors are not" 1 "$(code "$board_tests/trees/errors.dts")"

# Without CPUs it can only be assumed, and --arch is the remedy.
same "an unknown machine" "machine" "$(kinds "$board_tests/trees/clean.dts")"
same "a known one" "" "$(kinds --arch arm64 "$board_tests/trees/clean.dts")"
same "a format of /reserved-memory that the kernel ignores" "reserved-memory" \
	"$(kinds --arch arm64 "$board_tests/trees/ignored.dts")"
finish
