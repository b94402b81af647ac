# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A guest with a disk, from and to which a region's bytes go without a copy. Sourced after
# step.sh, apt.sh, setup.sh, kernel.sh, guest.sh and selftests.sh.
#
#	guest_zerocopy BOARD	as guest_test, with tools/testing/guest/zerocopy.sh

# zerocopy_liburing ARCH: Debian's, for programs of that architecture; prints the folder.
zerocopy_liburing()
(
	set -e
	dir=$EXTMEM_CACHE/liburing-$1
	if [ ! -e "$dir/usr" ]; then
		rm -rf "$dir.tmp"
		# With the headers of the kernel that it was made for.
		apt_private_fetch "$1" "liburing-dev linux-libc-dev" "$dir.tmp" >&2
		mv "$dir.tmp" "$dir"
	fi
	echo "$dir"
)

# Two regions, four ways, and the tutorial's.
ZEROCOPY_FILES=9

# zerocopy_compare IMAGE IN: KTAP, a result for each file that the guest has written.
zerocopy_compare()
{
	local image=$1 in=$2 name found wanted n=0

	wanted=$(sha256sum <"$in")
	echo "KTAP version 1"
	for name in $(debugfs -R 'ls -p /' "$image" 2>/dev/null | awk -F/ '$6 ~ /\.(window-|capture)/ { print $6 }' | sort); do
		n=$((n + 1))
		found=$(debugfs -R "cat /$name" "$image" 2>/dev/null | sha256sum)
		if [ "$found" = "$wanted" ]; then
			echo "ok $n on the disk: $name"
		else
			echo "not ok $n on the disk: $name"
		fi
	done
	[ "$n" = "$ZEROCOPY_FILES" ] ||
		{ n=$((n + 1)); echo "not ok $n on the disk: $((n - 1)) files, not $ZEROCOPY_FILES"; }
	echo "1..$n"
}

guest_zerocopy()
(
	set -e
	board=$1 rc=0
	# mke2fs and debugfs are an administrator's.
	PATH=$PATH:/usr/sbin:/sbin
	guest_board "$board"
	tmp=$(mktemp -d "$GUEST_DIR/zerocopy.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	liburing=$(zerocopy_liburing "$BOARD_DEBIAN_ARCH")
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		LIBURING="$liburing/usr" O="$built" "$built/zerocopy" >&2
	selftests_build "$BOARD_ARCH" "$tmp/selftests" tutorial_capture
	mkdir "$tmp/root"
	head -c 1M /dev/urandom >"$tmp/root/in"
	mke2fs -q -t ext4 -d "$tmp/root" "$tmp/disk" 32M >&2
	tree=$(guest_tree "$board")
	# shellcheck disable=SC2030 # for the guest of this subshell
	GUEST_QEMU=(-drive "file=$tmp/disk,if=none,format=raw,id=disk" -device virtio-blk-device,drive=disk,serial=zerocopy)
	guest_boot_and_show "$board" "$tree" "zerocopy facts" "zerocopy=$built/zerocopy" \
		"tutorial_capture=$tmp/selftests/tutorial_capture" || rc=$?
	zerocopy_compare "$tmp/disk" "$tmp/root/in"
	exit $rc
)
