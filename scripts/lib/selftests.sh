# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The selftests of tools/testing/selftests/extmem in guests. Sourced after step.sh, apt.sh,
# setup.sh, kernel.sh and guest.sh.
#
#	selftests_build ARCH DIR [PROGRAM...]	build them there, for that architecture
#	guest_selftests BOARD			as guest_test, with all of them
#	udev_rules				packaging/udev as udev reads it; KTAP

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
		selftests_build arm "$tmp/32" ioctl irq
		mv "$tmp/32/ioctl" "$tmp/ioctl32"
		mv "$tmp/32/irq" "$tmp/irq32"
	fi
	files=("extmem-links=$EXTMEM_TOP/packaging/extmem-links")
	for file in "$tmp"/*; do
		[ ! -f "$file" ] || files+=("${file##*/}=$file")
	done
	tree=$(guest_tree "$board" "$EXTMEM_TOP/tools/testing/guest/selftests.dtso")
	guest_boot_and_show "$board" "$tree" selftests "${files[@]}"
)

# Debian's udevadm, for the host.
udev_udevadm()
(
	set -e
	file=$EXTMEM_CACHE/udev/udevadm
	if [ ! -x "$file" ]; then
		mkdir -p "$EXTMEM_CACHE/udev"
		tmp=$(mktemp -d "$EXTMEM_CACHE/udev/tmp.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		apt_private_fetch "$(dpkg --print-architecture)" udev "$tmp" >&2
		mv "$(find "$tmp" -name udevadm -type f -path '*bin/*' -print -quit)" "$file"
	fi
	echo "$file"
)

# What udev does with two regions, one of which has an alias: udevadm and the rules are
# its arguments. For a mount namespace of its own, where /sys, /run and /dev are made up.
# shellcheck disable=SC2016 # another shell's dollars
UDEV_RUN='
	set -e
	mount -t tmpfs none /sys
	mount -t tmpfs none /run
	mkdir -p /run/null /run/udev/rules.d /sys/class/extmem
	cp "$2" /run/udev/rules.d/60-extmem.rules
	touch /run/null/null
	mount --bind /dev/null /run/null/null
	mount --rbind /run/null /dev
	minor=0
	for name in sram-90000000 rom; do
		minor=$((minor + 1))
		dir=/sys/devices/virtual/extmem/$name
		mkdir -p "$dir"
		printf "MAJOR=240\nMINOR=%s\nDEVNAME=extmem/%s\n" "$minor" "$name" >"$dir/uevent"
		[ $minor != 1 ] || echo EXTMEM_ALIAS=sram0 >>"$dir/uevent"
		ln -s ../../../../class/extmem "$dir/subsystem"
		ln -s "../../devices/virtual/extmem/$name" "/sys/class/extmem/$name"
		SYSTEMD_DEVICE_VERIFY_SYSFS=0 "$1" test -a add "/sys/class/extmem/$name" 2>&1
	done
'

udev_run()
{
	local how=-m

	[ "$(id -u)" = 0 ] || how=-rm
	unshare "$how" bash -c "$UDEV_RUN" udev "$@"
}

# udev_result NUMBER NAME LOG WANTED: the lines that udev says of the rules, and the links.
udev_result()
{
	local found

	found=$(sed -n -e 's,.*60-extmem.rules:[0-9]*,rule:,p' -e '/^DEVLINKS=/p' "$3")
	if [ "$found" = "$4" ]; then
		echo "ok $1 $2"
	else
		echo "# expected: ${4//$'\n'/; }"
		echo "# found: ${found//$'\n'/; }"
		echo "not ok $1 $2"
	fi
}

# packaging/udev as Debian's udev reads it; its example, too.
udev_rules()
(
	set -e
	rules=$EXTMEM_TOP/packaging/udev/60-extmem.rules
	udevadm=$(udev_udevadm)
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	! ldd "$udevadm" | grep 'not found' || { echo "udevadm needs libraries that are not installed"; exit 77; }
	unshare "$([ "$(id -u)" = 0 ] && echo -m || echo -rm)" true || { echo "no mount namespaces here"; exit 77; }
	sed 's/^#KERNEL/KERNEL/; s/"sram"/"rom"/' "$rules" >"$tmp/rules"
	udev_run "$udevadm" "$rules" >"$tmp/log"
	udev_run "$udevadm" "$tmp/rules" >"$tmp/example"
	echo "KTAP version 1"
	echo "1..2"
	# Catches: a rule that udev does not understand, a link for no alias or for each.
	udev_result 1 links "$tmp/log" "rule: LINK 'sram0'"$'\n'"DEVLINKS=/dev/sram0"
	# Catches: an example that cannot be used.
	udev_result 2 example "$tmp/example" "rule: LINK 'sram0'"$'\n'"DEVLINKS=/dev/sram0"$'\n'"rule: GROUP 20"$'\n'"rule: MODE 0660"
)
