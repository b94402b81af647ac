# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# extmem and its backends as modules: who loads whom, who waits for whom, and what
# cannot be unloaded.

. ./lib.sh

modules=/lib/modules/$(uname -r)
mkdir -p "$modules"
mv /guest/*.ko /guest/modules.* "$modules/"
echo /bin/modprobe >/proc/sys/kernel/modprobe

loaded()
{
	grep -q "^$1 " /proc/modules
}

# said TEXT: how often the kernel has said it
said()
{
	dmesg | grep -v 'extmem-guest' | grep -cF "$1"
}

# settled: the regions there are, once they are COUNT or after five seconds
settled()
{
	local tries=0

	while [ "$(regions | wc -l)" != "$1" ] && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	regions | words
}

without()
{
	local name

	for name in $names; do
		wanted "$name" backend
		[ "$wanted_value" = "$1" ] || echo "$name"
	done
}

# Catches: a core that does not start without its backends, or loads none.
first_load()
{
	mv "$modules/extmem-memremap.ko" /tmp/
	modprobe extmem of_id=myvendor,sram || return 1
	same 'the regions of the backends that can be loaded' \
		"$(without memremap | words)" "$(settled "$(without memremap | wc -l)")"
}

# Catches: a line for each region and each try; none; another level's.
one_message()
{
	local text='waiting for the backend "memremap"; load the module extmem-memremap'

	same "lines with '$text'" 1 "$(said "$text")"
}

# Catches: a region that waits for ever though its backend has come.
backend_comes()
{
	mv /tmp/extmem-memremap.ko "$modules/"
	modprobe extmem-memremap || return 1
	same 'all regions' "$(echo "$names" | words)" "$(settled "$(echo "$names" | wc -l)")"
}

# Catches: a backend that was loaded though no node needs it.
only_needed()
{
	! loaded extmem_sim || { note 'extmem-sim is loaded'; return 1; }
}

# Catches: a backend that goes away under its regions.
busy()
{
	local module

	for module in extmem_ioremap extmem_memremap extmem_cma; do
		loaded "$module" || { note "$module is not loaded"; return 1; }
		! rmmod "$module" 2>/dev/null || { note "$module was unloaded"; return 1; }
	done
	! rmmod extmem 2>/dev/null || { note 'extmem was unloaded'; return 1; }
}

# Catches: a reference to the module that a region keeps after it is gone.
unloads_when_unbound()
{
	local link

	for link in "$driver"/*; do
		[ -e "$link/of_node" ] || continue
		echo "${link##*/}" >"$driver/unbind" || return 1
	done
	same 'regions left' '' "$(regions)"
	rmmod extmem_memremap extmem_ioremap extmem_cma || return 1
	rmmod extmem
}

# Catches: an open file that does not pin the module, or pins it for ever.
open_pins()
{
	local status=0

	modprobe extmem of_id=myvendor,sram || return 1
	settled "$(echo "$names" | wc -l)" >/dev/null
	exec 9</dev/extmem/sram || return 1
	same 'open_count' 1 "$(cat $class/sram/open_count)" || status=1
	for link in "$driver"/*; do
		[ ! -e "$link/of_node" ] || echo "${link##*/}" >"$driver/unbind"
	done
	rmmod extmem_memremap extmem_ioremap extmem_cma || status=1
	! rmmod extmem 2>/dev/null || { note 'extmem was unloaded under an open file'; status=1; }
	exec 9<&-
	rmmod extmem || status=1
	return $status
}

# Catches: what the first unloading left behind.
loads_again()
{
	modprobe extmem of_id=myvendor,sram || return 1
	same 'all regions' "$(echo "$names" | words)" "$(settled "$(echo "$names" | wc -l)")" &&
		claims $names
}

tests="first_load one_message backend_comes only_needed busy unloads_when_unbound open_pins loads_again"
# shellcheck disable=SC2086 # a list
set -- $tests
plan $#
for name in "$@"; do
	test=$name
	$name
	result $? "$test"
done
finish
