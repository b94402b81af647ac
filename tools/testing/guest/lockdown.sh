# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# A kernel that is locked down, where root is not trusted and the device tree is: what it
# describes stays as usable as it was, and root gets at no memory that it does not describe.
# On boards with extmem.of_id on the command line. From there: $level, which lockdown= says.

. ./lib.sh
. ./stress.sh

mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
# The initramfs is root's alone.
chmod 755 /
chmod 1777 /tmp

level=${level:-integrity}
foreign=
for node in /sys/firmware/devicetree/base/*; do
	case $(tr '\0' ' ' <"$node/compatible" 2>/dev/null) in
	*extmem-region*) ;;
	myvendor,sram*) foreign=${node##*/} ;;
	esac
done

# fails WHAT COMMAND...: the command is refused
fails()
{
	local what=$1

	shift
	! "$@" >/dev/null 2>&1 || { note "$what: it was not refused"; return 1; }
}

# said TEXT...: the log has a line with each of them
said()
{
	local text lines

	lines=$(dmesg)
	for text in "$@"; do
		lines=$(echo "$lines" | grep -F "$text") || { note "nobody said '$text'"; return 1; }
	done
}

# Catches: a test of nothing, in a kernel that is as open as ever.
is_locked()
{
	same 'the level' "[$level]" \
		"$(tr ' ' '\n' </sys/kernel/security/lockdown | grep '\[')" &&
		{ [ ! -e /dev/mem ] || fails '/dev/mem' dd if=/dev/mem of=/dev/null bs=4096 count=1; }
}

# Catches: a board that has lost its memory.
described_stay()
{
	local name status=0

	for name in $names; do
		wanted "$name" phys_addr
		[ "$wanted_value" != "$foreign_base" ] || continue
		compare "$name" || status=1
	done
	return $status
}

# Catches: foreign memory for root, by what he says on the command line or to the module.
of_id_is_refused()
{
	[ "$foreign" ] || { note 'the board has no myvendor,sram'; return 1; }
	said "/$foreign: compatible: no \"extmem-region\", and a kernel that is locked down" 'add it in the device tree' &&
		said 'Lockdown:' '/dev/mem,kmem,port is restricted' &&
		fails 'a region' grep -lx "$foreign_base" "$class"/*/phys_addr
}

# Catches: any device's registers for root, by what he writes to sysfs.
driver_override_is_refused()
{
	local dir device status=0 number=0

	for dir in /sys/bus/platform/devices/*; do
		device=${dir##*/}
		[ -d "$dir/of_node" ] && [ ! -e "$dir/driver" ] || continue
		tr '\0' '\n' <"$dir/of_node/compatible" | grep -qx extmem-region && continue
		[ -e "$dir/of_node/reg" ] || continue
		number=$((number + 1))
		echo extmem-region >"$dir/driver_override"
		fails "$device" sh -c "echo $device >$driver/bind" || status=1
		echo >"$dir/driver_override"
	done
	[ "$number" -gt 0 ] || { note 'there is no device to be taken'; status=1; }
	same 'the regions' "$(echo "$names" | grep -vx "$foreign_name" | words)" \
		"$(regions | words)" || status=1
	return $status
}

# What root may look at. The kernel closes tracefs where nothing is to leak.
root_looks()
{
	local name=${names%%"$newline"*} status=0

	grep -q "$name" /sys/kernel/debug/extmem/summary || { note 'no summary'; status=1; }
	grep -q 0x "$class/$name/phys_addr" || { note 'no phys_addr'; status=1; }
	if [ "$level" = confidentiality ]; then
		fails tracefs cat /sys/kernel/tracing/trace || status=1
	else
		cat /sys/kernel/tracing/trace >/dev/null || status=1
	fi
	return $status
}

for name in $names; do
	wanted "$name" phys_addr
	case $foreign in
	*"@${wanted_value#0x}") foreign_base=$wanted_value foreign_name=$name ;;
	esac
done
: "${foreign_base:=none}" "${foreign_name:=none}"

plan 6
is_locked
result $? is_locked
described_stay
result $? described_stay
of_id_is_refused
result $? of_id_is_refused
driver_override_is_refused
result $? driver_override_is_refused
root_looks
result $? root_looks
# Catches: a call of a region's that lockdown should have left alone.
attack calls_as_before /guest/nobody writers
finish
