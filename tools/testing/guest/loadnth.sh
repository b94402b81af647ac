# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Each allocation on the way of the core and its backends into the kernel fails once
# (loadnth.c), and each of a region that has to wait for its backend. Then all that the
# kernel has in use for extmem is as it was (resources.sh).

. ./lib.sh
. ./stress.sh
. ./resources.sh

# Catches: what a module that could not be loaded has left behind.
as_before()
{
	settled /tmp/after
	cmp -s /tmp/before /tmp/after && return
	diff /tmp/before /tmp/after | while IFS= read -r line; do note "$line"; done
	return 1
}

# load FILE: its way fails, again and again; at last it is loaded
load()
{
	fails_once "$1" /guest/loadnth load "$1"
	insmod "$1"
}

# Catches: a region that waited while memory was short, and does not come with its backend.
comes()
{
	local tries=0

	insmod extmem-memremap.ko || return 1
	while [ ! -e "$driver/$1" ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	[ -e "$driver/$1" ] || { note "$1 does not come"; return 1; }
}

device=90000000.sram

plan 9
inject_everywhere
result $? inject_everywhere
# Devices are bound by hand: how that fails is for failnth.sh.
echo 0 >/sys/bus/platform/drivers_autoprobe
insmod extmem.ko
settled /tmp/before
rmmod extmem
load extmem.ko
as_before
result $? 'extmem.ko: all resources are as before'
fails_once "$device waits" /guest/loadnth wait $device
comes $device
result $? 'it comes with its backend'
echo $device >$driver/unbind
rmmod extmem_memremap
for name in extmem-cma.ko extmem-memremap.ko extmem-ioremap.ko; do
	load "$name"
done
note "in all: $points points were tried"
no_leaks
finish
