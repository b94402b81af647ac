# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The selftests of tools/testing/selftests/extmem in guests. Sourced after step.sh, apt.sh,
# setup.sh, kernel.sh and guest.sh.
#
#	selftests_build ARCH DIR [PROGRAM...]	build them there, for that architecture
#	guest_selftests BOARD			as guest_test, with all of them
#	udev_rules				packaging/udev as udev reads it among Debian's; KTAP

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

# Debian's udev, for the host: the folder with udevadm and Debian's own rules.
udev_get()
(
	set -e
	dir=$EXTMEM_CACHE/udev/debian
	if [ ! -d "$dir" ]; then
		mkdir -p "$EXTMEM_CACHE/udev"
		tmp=$(mktemp -d "$EXTMEM_CACHE/udev/tmp.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		apt_private_fetch "$(dpkg --print-architecture)" udev "$tmp/all" >&2
		mkdir "$tmp/debian"
		mv "$(find "$tmp/all" -name udevadm -type f -path '*bin/*' -print -quit)" "$tmp/debian/udevadm"
		mv "$(find "$tmp/all" -name rules.d -path '*/lib/udev/*' -print -quit)" "$tmp/debian/rules.d"
		mv -T "$tmp/debian" "$dir" || [ -d "$dir" ]
	fi
	echo "$dir"
)

# What udev does with some regions, one of which has an alias: the folder of udev_get and the
# rules are its arguments. For a mount namespace of its own, where /sys, /run and /dev are
# made up. Of Debian's rules, those that give devices away.
# shellcheck disable=SC2016 # another shell's dollars
UDEV_RUN='
	set -e
	mount -t tmpfs none /sys
	mount -t tmpfs none /run
	mkdir -p /run/null /run/udev/rules.d /sys/class/extmem
	cp -t /run/udev/rules.d "$1"/rules.d/50-udev-default.rules "$1"/rules.d/80-*.rules
	cp "$2" /run/udev/rules.d/81-extmem.rules
	touch /run/null/null
	mount --bind /dev/null /run/null/null
	mount --rbind /run/null /dev
	minor=0
	for name in sram-90000000 rom nvram fuse; do
		minor=$((minor + 1))
		dir=/sys/devices/virtual/extmem/$name
		mkdir -p "$dir"
		printf "MAJOR=240\nMINOR=%s\nDEVNAME=extmem/%s\n" "$minor" "$name" >"$dir/uevent"
		[ $minor != 1 ] || echo EXTMEM_ALIAS=sram0 >>"$dir/uevent"
		ln -s ../../../../class/extmem "$dir/subsystem"
		ln -s "../../devices/virtual/extmem/$name" "/sys/class/extmem/$name"
		echo "region: $name"
		SYSTEMD_DEVICE_VERIFY_SYSFS=0 "$1/udevadm" test -a add "/sys/class/extmem/$name" 2>&1
	done
'

udev_run()
{
	local how=-m

	[ "$(id -u)" = 0 ] || how=-rm
	unshare "$how" bash -c "$UDEV_RUN" udev "$@"
}

# What udev made of each region in the end: its link, and whose it is.
UDEV_AWK='
	/^region: / { name = $2 }
	match($0, /rules:[0-9]+ (MODE|GROUP|OWNER) /) {
		split(substr($0, RSTART), words, " ")
		last[name, words[2]] = words[3]
	}
	/^DEVLINKS=/ { link[name] = $0 }
	END {
		split("sram-90000000 rom nvram fuse", names, " ")
		for (i = 1; i <= 4; i++)
			print names[i], last[names[i], "OWNER"], last[names[i], "GROUP"], last[names[i], "MODE"], link[names[i]]
	}'

# udev_result NUMBER NAME LOG WANTED
udev_result()
{
	local found

	found=$(awk "$UDEV_AWK" "$3" | sed 's/ *$//')
	if [ "$found" = "$4" ]; then
		echo "ok $1 $2"
	else
		echo "# expected: ${4//$'\n'/; }"
		echo "# found: ${found//$'\n'/; }"
		echo "not ok $1 $2"
	fi
}

# packaging/udev as Debian's udev reads it, among Debian's rules; its example, too.
udev_rules()
(
	set -e
	rules=$EXTMEM_TOP/packaging/udev/81-extmem.rules
	udev=$(udev_get)
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	! ldd "$udev/udevadm" | grep 'not found' || { echo "udevadm needs libraries that are not installed"; exit 77; }
	unshare "$([ "$(id -u)" = 0 ] && echo -m || echo -rm)" true || { echo "no mount namespaces here"; exit 77; }
	sed 's/^#KERNEL/KERNEL/; s/"sram"/"rom"/' "$rules" >"$tmp/rules"
	sed 's/^OWNER=.*//' "$rules" >"$tmp/others"
	udev_run "$udev" "$rules" >"$tmp/log"
	udev_run "$udev" "$tmp/rules" >"$tmp/example"
	udev_run "$udev" "$tmp/others" >"$tmp/given-away"
	kmem=$(getent group kmem | cut -d: -f3)
	echo "KTAP version 1"
	echo "1..3"
	# Catches: a rule that udev does not understand, a link for no alias or for each, and a
	# region that anybody can open, for it is called as a device of another kind.
	udev_result 1 "links and owners" "$tmp/log" "sram-90000000 0 0 0600 DEVLINKS=/dev/sram0
rom 0 0 0600
nvram 0 0 0600
fuse 0 0 0600"
	# Catches: an example that cannot be used.
	udev_result 2 example "$tmp/example" "sram-90000000 0 0 0600 DEVLINKS=/dev/sram0
rom 0 20 0660
nvram 0 0 0600
fuse 0 0 0600"
	# Catches: a test of the first that would find nothing, with rules of Debian's that do not
	# give anything away any more.
	udev_result 3 "Debian's rules alone" "$tmp/given-away" "sram-90000000    DEVLINKS=/dev/sram0
rom
nvram  $kmem 0640
fuse   0666"
)
