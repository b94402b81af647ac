# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The command, extmem, and its library. Sourced after step.sh, apt.sh, setup.sh, kernel.sh
# and guest.sh.
#
#	command_test			built for this machine, and tested on made-up folders; KTAP
#	command_board_test		its check and map on boards and on mistakes; KTAP
#	command_build BOARD DIR		static, for guests of that board: DIR/extmem, DIR/live
#	guest_command_test BOARD	as guest_test, with tools/testing/guest/command.sh

command_test()
{
	nice make -s -C "$EXTMEM_TOP/tools/testing/extmem" O="$EXTMEM_CACHE/build/tools" run
}

# With the sanitizers.
command_board_test()
{
	local built=$EXTMEM_CACHE/build/tools

	nice make -s -C "$EXTMEM_TOP/tools/testing/extmem" O="$built" built >&2
	nice make -s -C "$EXTMEM_TOP/tools/testing/extmem/board" O="$EXTMEM_CACHE/build/board" \
		KSRC="$KSRC_DIR" EXTMEM="$built/sanitized/extmem" run
}

# command_libraries DEBIAN-ARCH: Debian's json-c and libfdt for it; prints the folder.
command_libraries()
(
	set -e
	dir=$EXTMEM_CACHE/libraries-$1
	if [ ! -e "$dir/usr" ]; then
		rm -rf "$dir.tmp"
		apt_private_fetch "$1" "libjson-c-dev libfdt-dev" "$dir.tmp" >&2
		mv "$dir.tmp" "$dir"
	fi
	echo "$dir"
)

# Where Debian 12 has no such architecture, its libraries are of 13, whose C library has
# other names for what reads numbers. The functions are the same for what they are used for.
command_newer()
{
	local name

	for name in strtol strtoul strtoll strtoull; do
		printf -- '-Wl,--defsym=__isoc23_%s=%s ' $name $name
	done
}

# command_build BOARD DIR
command_build()
(
	set -e
	guest_board "$1"
	libraries=$(command_libraries "$BOARD_DEBIAN_ARCH")
	flags=
	[ "$(apt_suite "$BOARD_DEBIAN_ARCH")" = "$(apt_host_suite)" ] || flags=$(command_newer)
	make -s -C "$EXTMEM_TOP/tools/extmem" O="$2" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		STATIC=y WERROR=y JSONC="$libraries/usr" FDT="$libraries/usr" LDFLAGS="$flags" >&2
	make -s -C "$EXTMEM_TOP/tools/testing/extmem" O="$2" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		"$2/live" >&2
)

guest_command_test()
(
	set -e
	guest_board "$1"
	built=$EXTMEM_CACHE/build/command-$BOARD_ARCH
	command_build "$1" "$built"
	tree=$(guest_tree "$1")
	guest_boot_and_show "$1" "$tree" "command facts" "extmem=$built/extmem" "live=$built/live"
)
