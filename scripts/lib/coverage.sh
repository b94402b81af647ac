# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Which lines and branches of drivers/extmem the tests reach, by gcov on UML and arm64.
# Sourced after the others; coverage() is `scripts/check --coverage`.
#
# Each boot, be it of KUnit or of a guest, ends with what gcov.sh prints: the counters of
# all objects of ours. coverage.py adds up those of all boots and of both machines.

COVERAGE_DIR=$EXTMEM_CACHE/build/coverage

# A program's constructors run before it begins, and UML's tell gcov of each object there, where
# no kernel is yet that could have a lock or a message. So one line of the kernel's own is
# another in the farm; what else the farm builds has no gcov.
coverage_farm()
{
	local file=kernel/gcov/gcc_base.c

	setup_graft
	sed 's/^\tmutex_lock(&gcov_lock);$/\tif (IS_ENABLED(CONFIG_UML))\n\t\treturn gcov_info_link(info);\n&/' \
		"$KSRC_DIR/$file" >"$FARM_DIR/$file.new"
	grep -q CONFIG_UML "$FARM_DIR/$file.new" ||
		die "$file of this kernel is not as expected: teach scripts/lib/coverage.sh"
	if [ ! -L "$FARM_DIR/$file" ] && cmp -s "$FARM_DIR/$file" "$FARM_DIR/$file.new"; then
		rm "$FARM_DIR/$file.new"
	else
		mv "$FARM_DIR/$file.new" "$FARM_DIR/$file"
	fi
}

# coverage_take LOG: what gcov.sh has printed there becomes a folder of counters, and goes.
coverage_take()
{
	local log=$1 dir=$COVERAGE_DIR/$BOARD_ARCH

	mkdir -p "$dir"
	dir=$(mktemp -d "$dir/boot.XXXXXX")
	tr -d '\r' <"$log" | sed -n '/^extmem-gcov: begin$/,/^extmem-gcov: end$/p' | grep -v '^extmem-gcov' |
		base64 -d | tar -C "$dir" -xz ||
		{ echo "the guest gave no counters" >&2; return 1; }
	sed -i '/^extmem-gcov: begin/,/^extmem-gcov: end/d' "$log"
}

# coverage_kunit BOARD: KUnit as kunit_test has it, in a guest that then gives its counters.
coverage_kunit()
(
	set -e
	GUEST_GCOV=y
	guest_board "$1"
	work=$(mktemp -d "$GUEST_DIR/run.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	guest_initramfs "$1" "$work/initramfs"
	image=$(kernel_image "$BOARD_ARCH" "$GUEST_VARIANT")
	if [ ${#BOARD_QEMU[@]} = 0 ]; then
		GUEST_COMMAND=(setarch "$(uname -m)" -R "$image" con=null "con0=fd:0,fd:1" mem=1G
			"initrd=$work/initramfs" guest=none)
	else
		# shellcheck disable=SC2034 # guest_wait has it
		GUEST_COMMAND=("${BOARD_QEMU[@]}" -nodefaults -no-reboot -display none -monitor none
			-serial stdio -kernel "$image" -dtb "$(guest_tree "$1")" -initrd "$work/initramfs"
			-append "console=ttyAMA0 guest=none")
	fi
	rc=0
	guest_wait "$1" "$work/log" || rc=$?
	guest_filter_log <"$work/log"
	exit $rc
)

# coverage_of BOARD: all that runs on it
coverage_of()
{
	local board=$1 test name

	try_ktap "kunit $board" guest coverage_kunit "$board" gcov
	# shellcheck disable=SC2034 # guest_wait has it
	GUEST_GCOV=y
	for name in test selftests command_test; do
		try_ktap "guest $board ${name%_test}" guest "guest_$name" "$board" gcov
	done
	for test in unbind slowpage fuzz failnth; do
		try_ktap "guest $board $test" guest guest_stress "$board" gcov "$test" cycles=50
	done
	[ ! -e "$EXTMEM_TOP/tools/testing/guest/power-$board.dtso" ] ||
		try_ktap "guest $board power" guest guest_power "$board" gcov
	[ ! -e "$EXTMEM_TOP/tools/testing/guest/bad-$board.dtso" ] ||
		try_ktap "guest $board bad" guest guest_bad "$board" gcov
	[ ! -e "$EXTMEM_TOP/tools/testing/guest/inside-$board.dtso" ] ||
		try_ktap "guest $board inside" guest guest_inside "$board" gcov
}

coverage_table()
{
	"$EXTMEM_TOP/scripts/lib/coverage.py" "$EXTMEM_TOP/configs/coverage/unreached" \
		"$EXTMEM_TOP/drivers/extmem" "um:gcov:$(kernel_dir um gcov):$COVERAGE_DIR/um" \
		"arm64:$(kernel_cross arm64)gcov:$(kernel_dir arm64 gcov):$COVERAGE_DIR/arm64"
}

coverage()
{
	guest_um_runs_programs ||
		die "this counts what the guests of UML reach, and there are none here: $GUEST_UM_REASON; count on another machine"
	rm -rf "$COVERAGE_DIR"
	step "farm for gcov" coverage_farm
	try "build um gcov" kernel_build um gcov
	[ "$STEP_RC" != 0 ] || coverage_of uml
	try "build arm64 gcov" kernel_build arm64 gcov
	[ "$STEP_RC" != 0 ] || coverage_of qemu-arm64
	try "coverage" coverage_table
	echo
	cat "$STEP_LOG"
	summary
}
