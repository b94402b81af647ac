#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boards.sh DIR: extmem check and extmem map on every board in the kernel source KSRC that
# has an mmio-sram or a reserved-memory, whose SRAM is adopted as a region. It has no
# verdict on the boards: what is tested is that none crashes the command, that each is
# judged and drawn, and that a picture is XML. DIR keeps which are done, so that a run that
# was stopped goes on; remove it to begin again. Prints KTAP: a line for each architecture.

set -euo pipefail

dir=$1
mkdir -p "$dir"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
prefixes=$KSRC/scripts/dtc/include-prefixes
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99

# finished WHAT CODE: an exit code that is none of a tree that was read
finished()
{
	[ "$2" -le 1 ] && return
	echo "$1 ended with $2: $(head -n 1 "$tmp/err")"
	return 1
}

# try_board DTB: says what is wrong with it
try_board()
{
	local code

	code=0
	"$EXTMEM" check --of-id mmio-sram "$1" >"$tmp/out" 2>"$tmp/err" || code=$?
	finished check $code || return
	code=0
	"$EXTMEM" map --of-id mmio-sram "$1" >/dev/null 2>"$tmp/err" || code=$?
	finished map $code || return
	code=0
	"$EXTMEM" map --of-id mmio-sram -o "$tmp/svg" "$1" 2>"$tmp/err" || code=$?
	finished "map -o" $code || return
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$tmp/svg" \
		2>"$tmp/err" || { echo "its picture is no XML: $(tail -n 1 "$tmp/err")"; return 1; }
}

# one FILE: "ok", "none", "refused" by the compiler, or "failed: ..."
one()
{
	local said

	cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp -I "$prefixes" \
		-I "$(dirname "$1")" "$1" >"$tmp/dts" 2>/dev/null || { echo refused; return; }
	grep -qE 'mmio-sram|reserved-memory' "$tmp/dts" || { echo none; return; }
	dtc -q -@ -I dts -O dtb -i "$prefixes" -i "$(dirname "$1")" -o "$tmp/dtb" "$tmp/dts" \
		2>/dev/null || { echo refused; return; }
	said=$(try_board "$tmp/dtb") && echo ok || echo "failed: $said"
}

arch_result()
{
	local arch=$1 number=$2 state=$dir/$1 files file verdict

	mapfile -t files < <(cd "$KSRC/arch/$arch/boot/dts" && find . -name '*.dts' | sort)
	touch "$state"
	for file in "${files[@]}"; do
		! grep -qF " $file " "$state" || continue
		verdict=$(one "$KSRC/arch/$arch/boot/dts/$file")
		echo " $file $verdict" >>"$state"
	done
	grep ' failed: ' "$state" | sed 's/^/# /' || true
	echo "# $arch: $(grep -c ' ok$' "$state" || true) boards, $(grep -c ' none$' "$state" || true) without such memory, $(grep -c ' refused$' "$state" || true) that cpp or dtc refuses"
	if grep -q ' failed: ' "$state" || ! grep -q ' ok$' "$state"; then
		echo "not ok $number $arch"
		return 1
	fi
	echo "ok $number $arch"
}

failed=0 number=0
arches=(arm64 riscv arm)
echo "KTAP version 1"
echo "1..${#arches[@]}"
for arch in "${arches[@]}"; do
	number=$((number + 1))
	arch_result "$arch" $number || failed=1
done
exit $failed
