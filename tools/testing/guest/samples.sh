# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# The modules of samples/: a backend and a driver that uses a region.

. ./lib.sh

modules=/lib/modules/$(uname -r)
mkdir -p "$modules"
mv /guest/*.ko /guest/modules.* "$modules/"
echo /bin/modprobe >/proc/sys/kernel/modprobe
counter=/sys/bus/platform/drivers/acme-boot-counter

# comes FILE: true when it is there, at last after five seconds
comes()
{
	local tries=0

	while [ ! -e "$1" ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ -e "$1" ] || { note "$1 does not come"; return 1; }
}

# boots COUNT: true if the driver says so
boots()
{
	comes $counter/boot-counter/boots && same boots "$1" "$(cat $counter/boot-counter/boots)"
}

# platform REGION: the name of its platform device
platform()
{
	basename "$(readlink $class/"$1"/device)"
}

# Catches: a backend of a vendor's that is not taken for its nodes, or does not work.
backend()
{
	modprobe extmem && comes $class/aliased || return 1
	device=$(platform aliased)
	echo "$device" >$driver/unbind
	modprobe acme-aliased-ddr || return 1
	echo "$device" >$driver/bind
	comes $class/aliased || return 1
	same backend acme-aliased-ddr "$(cat $class/aliased/backend)" || return 1
	echo 'past the cache' >/dev/extmem/aliased
	same 'what was written' 'past the cache' "$(head -n 1 /dev/extmem/aliased)" || return 1
	grep -q '^d4000000-d400ffff : aliased' /proc/iomem || { note 'its alias is not claimed'; return 1; }
}

# Catches: a driver that does not find its region, or not the region's bytes.
consumer()
{
	modprobe acme-boot-counter || return 1
	boots 1 || return 1
	echo boot-counter >$counter/unbind
	echo boot-counter >$counter/bind
	boots 2 || return 1
	same 'in the memory' '626f6f74 00000002' \
		"$(hexdump -e '2/4 "%08x "' -n 8 /dev/extmem/counters.boots | sed 's/ $//')"
}

# Catches: a region that goes while its driver has it, or that the driver cannot have again.
consumer_goes_first()
{
	device=$(platform counters)
	echo "$device" >$driver/unbind
	[ ! -e $counter/boot-counter ] || { note 'the driver is still bound'; return 1; }
	! echo boot-counter 2>/dev/null >$counter/bind || { note 'it binds without its region'; return 1; }
	echo "$device" >$driver/bind
	[ -e $counter/boot-counter ] || echo boot-counter >$counter/bind
	boots 3
}

# Catches: a module that cannot be unloaded because of a region that it had.
unload()
{
	rmmod acme_boot_counter && echo "$(platform aliased)" >$driver/unbind && rmmod acme_aliased_ddr
}

tests="backend consumer consumer_goes_first unload"
# shellcheck disable=SC2086 # a list
set -- $tests
plan $#
for name in "$@"; do
	test=$name
	$name
	result $? "$test"
done
finish
