# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# The programs of tools/testing/selftests/extmem, each a subtest with its own results,
# and the names that aliases give regions.

. ./lib.sh

# nested PROGRAM: run it; its results as those of a subtest. What it says of a test
# that goes well is left out. Without a plan there is a result that says so.
nested()
{
	say "        # Subtest: $1"
	"./$1" >/tmp/said 2>&1
	echo $? >/tmp/status
	sed -n -e 's/^TAP version .*/KTAP version 1/p' -e '/^1\.\./p' -e '/^ok /p' \
		-e '/^not ok /p' -e '/^# .*\.c:[0-9]*:/p' /tmp/said |
		while IFS= read -r line; do say "        $line"; done
	grep -q '^1\.\.' /tmp/said || note "$1: no plan; it said: $(head -n 3 /tmp/said | tr '\n' ' ')"
	same "$1: the exit status" 0 "$(cat /tmp/status)"
}

# says PROGRAM TEXT: it succeeds, and prints just that
says()
{
	"./$1" >/tmp/said 2>&1
	same "$1: the exit status" 0 $? &&
		same "what $1 says" "$2" "$(cat /tmp/said)"
}

# Catches: a link to another region, and none.
links()
{
	sh /guest/extmem-links || return 1
	same '/dev/sram0' extmem/sram-90000000 "$(readlink /dev/sram0)" &&
		same '/dev/regs0' extmem/be-regs "$(readlink /dev/regs0)" &&
		same '/dev/env0, a partition' extmem/nvram.env "$(readlink /dev/env0)" &&
		same 'links' 3 "$(find /dev -maxdepth 1 -type l -exec readlink {} ';' | grep -c ^extmem/)"
}

# Catches: a file of somebody else's that is replaced, and a link that nobody removes.
links_again()
{
	local status=0

	rm /dev/sram0
	echo 'not a link' >/dev/sram0
	ln -s extmem/no-such-region /dev/gone0
	ln -sfn extmem/rom /dev/regs0
	! sh /guest/extmem-links 2>/tmp/said || { note 'a file in the way is no failure'; status=1; }
	same 'the file in the way' 'not a link' "$(cat /dev/sram0)" || status=1
	[ ! -L /dev/gone0 ] || { note 'a link to nothing stays'; status=1; }
	same 'a link to another region' extmem/be-regs "$(readlink /dev/regs0)" || status=1
	rm /dev/sram0
	sh /guest/extmem-links || status=1
	return $status
}

# Catches: tests that are skipped for want of what selftests.dtso describes.
special_regions()
{
	local region status=0

	# The pools are a board's.
	for region in be-regs regs16 any-regs narrow small odd $(echo "$names" | grep -x '.*pool'); do
		[ -c "/dev/extmem/$region" ] || { note "no region $region"; status=1; }
	done
	return $status
}

# Catches: an alias that udev is not told, and one that a region without it has.
uevents()
{
	same 'of sram-90000000' EXTMEM_ALIAS=sram0 \
		"$(grep ALIAS "$class/sram-90000000/uevent")" &&
		same 'of rom' '' "$(grep ALIAS "$class/rom/uevent")"
}

tests='special_regions uevents links tutorial_sram tutorial_shared links_again'
programs='open io mmap ioctl dmabuf copy irq'
[ ! -e ioctl32 ] || programs="$programs ioctl32 irq32"
# shellcheck disable=SC2086 # lists
set -- $tests $programs
plan $#
for name in $tests; do
	test=$name
	case $name in
	tutorial_sram)
		says "$name" "written${newline}sram[0] = 0xAB${newline}sram[1] = 0xCD" ;;
	tutorial_shared)
		says "$name" "the kernel reads: hello from user space${newline}user space reads: hello from the kernel" ;;
	*)
		"$name" ;;
	esac
	result $? "$test"
done
for name in $programs; do
	test=$name
	# To list its tests is no success in the harness's eyes.
	if [ "$name" != "${name%32}" ] && ! ./ioctl32 -l 2>&1 | grep -q sync_sizes; then
		skip "$name" 'this kernel runs no programs of 32 bits: CONFIG_COMPAT'
		continue
	fi
	nested "$name"
	result $? "$test"
done
finish
