# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What scripts/bench measures with: guests that have nothing in them but the program of
# tools/testing/bench. Sourced after step.sh, apt.sh, setup.sh, kernel.sh and guest.sh.
#
#	bench_rows [FILTER...]		the names of the rows that are asked for
#	bench_boards ROW...		the boards of configs/bench that these need
#	bench_arch BOARD		whose kernel it runs
#	bench_variant BOARD		and which of them
#	bench_boot BOARD LOG ROW...	build what is needed, boot, measure: LOG
#	bench_table JSON ROWS [LOG...]	what the guests said; JSON is 0 or 1

BENCH_DIR=$EXTMEM_TOP/tools/testing/bench
BENCH_CELLS=1024	# as in cells.c

# A filter is how a row's name begins.
bench_rows()
{
	local name filter

	while read -r name; do
		for filter in "${@:-}"; do
			if [[ $name == "$filter"* ]]; then
				echo "$name"
				break
			fi
		done
	done < <(sed -n '/^#/d; s/ *|.*//p' "$BENCH_DIR/rows")
}

# bench_board ROW: the one that it is measured on.
bench_board()
{
	case $1 in
	threads/*)	echo smp ;;
	native-*)	echo um ;;
	engine-*)	echo engine ;;
	*)		echo arm64 ;;
	esac
}

bench_arch()
{
	case $1 in
	um)	echo um ;;
	engine)	echo riscv64 ;;
	*)	echo arm64 ;;
	esac
}

# The engine is measured against the CPU of its own machine, with the kernel of the tests.
bench_variant()
{
	[ "$1" = engine ] || echo bench
}

bench_boards()
{
	local row

	for row in "$@"; do
		bench_board "$row"
	done | sort -u
}

# What the guest is told to measure: the first parts of the names.
bench_groups()
{
	local board=$1 row
	shift

	for row in "$@"; do
		[ "$(bench_board "$row")" != "$board" ] || echo "${row%%/*}"
	done | sort -u | paste -sd,
}

# The regions that one driver after the other is given.
bench_cells()
{
	local i address

	printf '/dts-v1/;\n/plugin/;\n&{/} {\n\t#address-cells = <2>;\n\t#size-cells = <2>;\n'
	for ((i = 0; i < BENCH_CELLS; i++)); do
		address=$((0x02000000 + i * 4096))
		printf '\tcell@1%08x { compatible = "bench,cell"; reg = <0x1 0x%x 0x0 0x1000>; memory-type = "ram"; };\n' \
			"$address" "$address"
	done
	printf '};\n'
}

# bench_initramfs ARCH OUT
bench_initramfs()
{
	local build=$EXTMEM_CACHE/build/bench-$1

	make -s -C "$BENCH_DIR" O="$build" CROSS_COMPILE="$(kernel_cross "$1")"
	(cd "$build" && echo init | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$2"
}

bench_boot_locked()
{
	local board=$1 log=$2 work=$3 dtb
	shift 3

	if [ "$BOARD_ARCH" = arm64 ]; then
		bench_cells >"$work/cells.dtso"
		dtb=$(guest_tree "$board" "$work/cells.dtso")
	else
		dtb=$(guest_tree "$board")
	fi
	bench_initramfs "$BOARD_ARCH" "$work/initramfs"
	guest_run "$board" "$log" "$dtb" "$work/initramfs" "bench=$(bench_groups "$board" "$@")" ||
		{ tail -n 30 "$log"; return 1; }
	if grep -a '^bench-bug' "$log"; then
		return 1
	fi
}

# shellcheck disable=SC2034 # for guest.sh
bench_boot()
(
	set -e
	board=$1 log=$2
	shift 2
	GUEST_BOARDS=$EXTMEM_TOP/configs/bench
	GUEST_VARIANT=$(bench_variant "$board") GUEST_TIMEOUT=1800
	# Time is the number of instructions, and nothing differs from one run to the next.
	[[ $board != @(arm64|engine) ]] || GUEST_QEMU=(-icount "shift=0,sleep=off" -rtc "base=2026-01-01,clock=vm" -seed 1)
	[ "$board" != smp ] || GUEST_QEMU=(-accel "tcg,thread=multi")
	guest_board "$board"
	work=$(mktemp -d "$GUEST_DIR/bench.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	with_lock_shared "build-$KSRC_NAME-$BOARD_ARCH${GUEST_VARIANT:+-$GUEST_VARIANT}" bench_boot_locked "$board" "$log" "$work" "$@"
)

bench_table()
{
	local json=$1 rows=$2
	shift 2

	LC_ALL=C awk -f "$BENCH_DIR/table.awk" -v json="$json" -v names="$rows" "$BENCH_DIR/rows" "$@"
}
