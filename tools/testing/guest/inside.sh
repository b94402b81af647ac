# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2015 # busybox
#
# What can be seen of what users do (inside.c): events in tracefs, with the fields that
# tools count on (inside.fields), and the summary in debugfs.

. ./lib.sh

tracing=/sys/kernel/tracing
events=$tracing/events/extmem
summary=/sys/kernel/debug/extmem/summary

# One line an event: its fields, less those that every event has.
fields()
{
	local event

	for event in "$events"/extmem_*; do
		echo "${event##*/}:$(sed -n 's/^\tfield:\([^;]*\);.*/\1;/p' "$event/format" |
			grep -v ' common_' | sed 's/^/ /' | tr -d '\n')"
	done
}

# Catches: a field that goes, changes its type or its place.
stable_fields()
{
	sed '/^#/d' /guest/fields >/tmp/wanted
	fields >/tmp/found
	cmp -s /tmp/wanted /tmp/found && return
	diff /tmp/wanted /tmp/found | while IFS= read -r line; do note "$line"; done
	return 1
}

# traced TEXT: such an event is in the trace
traced()
{
	grep -q "$1" /tmp/trace && return
	note "no '$1' in the trace:"
	grep -F "${1%%:*}:" /tmp/trace | head -n 5 | while IFS= read -r line; do note "$line"; done
	return 1
}

# Catches: an event that does not come, or with figures of another.
files()
{
	traced 'extmem_open: name=sram exclusive=0 open_count=1$' &&
		traced 'extmem_io: name=sram write=0 offset=0x100 size=0x12c ret=300$' &&
		traced 'extmem_io: name=sram write=1 offset=0x200 size=0xc8 ret=200$' &&
		traced 'extmem_io: name=sram write=1 offset=0x10000000000 size=0xc8 ret=-28$' &&
		traced 'extmem_sync: name=sram offset=0x0 size=0x40 flags=0x6 ret=1$' &&
		traced 'extmem_close: name=sram exclusive=0 open_count=0$'
}

# Huge entries of page frames are made where the kernel can tell them from those of pages.
order=9 huge=1
! lacks CONFIG_ARCH_SUPPORTS_PMD_PFNMAP || { order=0; huge=0; }

mappings()
{
	traced 'extmem_map: name=sram address=0x[0-9a-f]*000 offset=0x0 size=0x3000 write=1$' &&
		traced 'extmem_fault: name=sram address=0x[0-9a-f]* offset=0x1000 order=0 write=1 ret=0x100$' &&
		traced 'extmem_map: name=window-100000000 .* size=0x400000 write=1$' &&
		traced "extmem_fault: name=window-100000000 .* offset=0x12000 order=$order write=1 ret=0x100$" &&
		traced 'extmem_unmap: name=window-100000000 .* size=0x400000 write=1$'
}

buffers()
{
	traced 'extmem_alloc: name=pool size=0x5000 ret=0$' &&
		traced 'extmem_free: name=pool size=0x5000 ret=0$' &&
		traced 'extmem_export: name=sram offset=0x2000 size=0x4000 write=1 ret=0$'
}

hardware()
{
	traced 'extmem_irq: name=fpga-regs irq=0 count=1$' &&
		traced 'extmem_power: name=clocked on=1 ret=0$' &&
		traced 'extmem_power: name=clocked on=0 ret=0$'
}

life()
{
	traced 'extmem_region_remove: name=nvram.env base=0x90100000 size=0x10000$' &&
		traced 'extmem_region_remove: name=nvram base=0x90100000 size=0x40000$' &&
		traced 'extmem_region_add: name=nvram base=0x90100000 size=0x40000$' &&
		traced 'extmem_region_add: name=nvram.env base=0x90100000 size=0x10000$'
}

# row NAME: its line of the summary, with single spaces
row()
{
	grep "^ *$1 " /tmp/summary | tr -s ' ' | sed 's/^ //'
}

# Catches: a column of another's, a user who is not counted, or twice.
counted()
{
	same 'sram' 'sram 0x100000 ram write-combine ready 1 1 1 0 300 200' "$(row sram)" &&
		same 'the huge one' "window-100000000 0x4000000 ram write-back ready 0 0 1 $huge 0 0" \
			"$(row window-100000000)"
}

# Catches: a region that is left out, a partition that is not below its region.
whole_tree()
{
	sed '1d; s/^  */./; s/ .*//' /tmp/summary | sort >/tmp/found
	for name in $names clocked; do
		case $name in
		*.*)	echo ".$name" ;;
		*)	echo "$name" ;;
		esac
	done | sort >/tmp/wanted
	cmp -s /tmp/wanted /tmp/found && return
	diff /tmp/wanted /tmp/found | while IFS= read -r line; do note "$line"; done
	return 1
}

# Where whoever looks finds it off.
goes_off()
{
	local i=0

	while [ "$(cat $class/clocked/state)" != suspended ] && [ $i -lt 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
}

use_all()
{
	local device

	device=$(readlink $class/nvram/device)
	device=${device##*/}
	mkfifo /tmp/hold
	goes_off
	echo 1 >$events/enable || return 1
	echo "$device" >$driver/unbind && echo "$device" >$driver/bind
	/guest/inside </tmp/hold >/tmp/said 2>&1 &
	exec 3>/tmp/hold
	while ! grep -q ready /tmp/said && kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
	cat $summary >/tmp/summary
	exec 3>&-
	wait $! || { note "$(cat /tmp/said)"; return 1; }
	goes_off
	echo 0 >$events/enable
	cat $tracing/trace >/tmp/trace
}

plan 9
mkdir -p $tracing
mount -t tracefs tracefs $tracing 2>/dev/null
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
stable_fields
result $? stable_fields
use_all
result $? use_all
for name in files mappings buffers hardware life counted whole_tree; do
	$name
	result $? $name
done
finish
