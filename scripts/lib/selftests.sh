# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The selftests of tools/testing/selftests/extmem in guests. Sourced after step.sh,
# setup.sh, kernel.sh and guest.sh.
#
#	selftests_build ARCH DIR [PROGRAM...]	build them there, for that architecture
#	guest_selftests BOARD			as guest_test, with all of them

selftests_build()
{
	local arch=$1 dir=$2
	shift 2

	mkdir -p "$dir"
	make -s -C "$EXTMEM_TOP/tools/testing/selftests/extmem" KSRC="$KSRC_DIR" OUTPUT="$dir" \
		CROSS_COMPILE="$(kernel_cross "$arch")" USERCFLAGS=-Werror "${@/#/$dir/}" >&2
}

guest_selftests()
(
	set -e
	board=$1
	guest_board "$board"
	tmp=$(mktemp -d "$GUEST_DIR/selftests.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	selftests_build "$BOARD_ARCH" "$tmp"
	# The kernel of 64 bits runs programs of 32, too, which have the same structs.
	if [ "$BOARD_ARCH" = arm64 ]; then
		selftests_build arm "$tmp/32" ioctl
		mv "$tmp/32/ioctl" "$tmp/ioctl32"
	fi
	files=("extmem-links=$EXTMEM_TOP/packaging/extmem-links")
	for file in "$tmp"/*; do
		[ ! -f "$file" ] || files+=("${file##*/}=$file")
	done
	tree=$(guest_tree "$board" "$EXTMEM_TOP/tools/testing/guest/selftests.dtso")
	guest_boot_and_show "$board" "$tree" selftests "${files[@]}"
)
