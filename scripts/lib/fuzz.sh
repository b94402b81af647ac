# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Fuzzers; Documentation/fuzzing.rst tells of them. Sourced after step.sh, ktap.sh,
# kernel.sh and guest.sh.
#
#	fuzz_corpus		what was ever found, and what they begin with; KTAP
#	fuzz_trees		the KUnit suite extmem_fuzz in UML, for FUZZ_SECONDS of CPU; KTAP
#	fuzz_calls BOARD	calls with KCOV's feedback; GUEST_VARIANT=kcov; KTAP
#
# FUZZ_SECONDS (1800) and FUZZ_SEED (1) can be set.

FUZZ_DIR=$EXTMEM_CACHE/build/fuzz
FUZZ_SLICE=1000			# overlays in one boot

fuzz_corpus()
{
	nice make -s -C "$EXTMEM_TOP/tools/testing/fuzz" O="$FUZZ_DIR" run
}

# FUZZ_CPU: the CPU that this shell's children have had, in seconds. Not for $(), which is
# another shell.
fuzz_cpu()
{
	times >"$EXTMEM_LOGS/times"
	FUZZ_CPU=$(awk 'NR == 2 { split($0, part, /[ms ]+/); print int(60 * part[1] + part[2] + 60 * part[3] + part[4]) }' \
		"$EXTMEM_LOGS/times")
}

# A boot after the other, each with the overlays behind those of the one before.
fuzz_trees_locked()
{
	local first=1 rc=0 FUZZ_CPU=0

	while [ $rc = 0 ] && [ "$FUZZ_CPU" -lt "${FUZZ_SECONDS:-1800}" ]; do
		kernel_kunit exec um kasan --raw_output=all --timeout=3600 \
			--kernel_args="extmem.fuzz_rounds=$FUZZ_SLICE extmem.fuzz_first=$first extmem.fuzz_seed=${FUZZ_SEED:-1}" \
			'extmem_fuzz' || rc=$?
		first=$((first + FUZZ_SLICE))
		fuzz_cpu
	done
	echo "# $((first - 1)) overlays, $FUZZ_CPU s of CPU"
	return $rc
}

fuzz_trees()
{
	with_lock_shared "build-$KSRC_NAME-um-kasan" fuzz_trees_locked
}

# How many places KCOV can tell of in extmem.
fuzz_places()
{
	find "$(kernel_dir "$1" kcov)/drivers/extmem" -name '*.o' ! -name '*.mod.o' -print0 |
		xargs -0 "$(kernel_cross "$1")objdump" -d -r | grep -cE '[[:space:]]__sanitizer_cov_trace_pc(-0x4)?$'
}

fuzz_calls()
(
	set -e
	board=$1
	shift
	guest_board "$board"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/fuzz" >&2
	tree=$(guest_tree "$board")
	# UML calls KCOV through a register that is loaded once for many places.
	[ "$BOARD_ARCH" = um ] || set -- "places=$(fuzz_places "$BOARD_ARCH")" "$@"
	guest_boot_and_show "$board" "$tree" "kcov facts" "fuzz=$built/fuzz" -- "seed=${FUZZ_SEED:-1}" "$@"
)
