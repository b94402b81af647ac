# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC1091,SC2012,SC2086,SC2154,SC3043 # busybox, and lib.sh
#
# What the packages do on a Debian that has been started with them (packages.sh): the modules
# are there by themselves, udev knows the nodes, and the command is the package's. The tree
# is that of selftests.dtso, in which nodes have aliases.

. ./lib.sh

# What Debian's programs call is Debian's, too.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
# Another node has its memory in that tree.
names=$(echo "$names" | grep -vx sram)

loaded()
{
	grep -q "^$1 " /proc/modules
}

# settled: the regions there are, once they are all of the board or after twenty seconds
settled()
{
	local tries=0 name missing=y

	while [ "$missing" ] && [ $tries -lt 100 ]; do
		missing=
		for name in $names; do
			[ -e "$class/$name" ] || missing=y
		done
		tries=$((tries + 1))
		sleep 0.2
	done
	[ ! "$missing" ] || { note "there are only: $(regions | words)"; return 1; }
	/usr/bin/udevadm settle
}

unbind_all()
{
	local link

	for link in "$driver"/*; do
		[ -e "$link/of_node" ] || continue
		echo "${link##*/}" >"$driver/unbind" || return 1
	done
	same 'regions left' '' "$(regions)"
}

# Catches: a modules-load.d file that is not read, a backend that is not loaded.
loaded_at_boot()
{
	local module status=0

	settled || status=1
	for module in extmem extmem_ioremap extmem_memremap extmem_cma; do
		loaded $module || { note "$module is not loaded"; status=1; }
	done
	! loaded extmem_sim || { note 'extmem_sim is loaded, for nobody'; status=1; }
	return $status
}

# Catches: a region of the board that is another here.
facts()
{
	local name status=0

	for name in $names; do
		compare "$name" || status=1
	done
	return $status
}

# Rules of others know names, too: 80-debian-compat.rules gives every "nvram" away. Catches: a
# node that anybody but root may open.
nodes()
{
	local name status=0

	for name in $(regions); do
		same "/dev/extmem/$name" 'character special file root root 600' \
			"$(/usr/bin/stat -c '%F %U %G %a' "/dev/extmem/$name" 2>&1)" || status=1
	done
	same 'the nodes' "$(regions | words)" "$(ls /dev/extmem | words)" || status=1
	return $status
}

# Catches: a rule that udev does not read, and a link of a region that has no alias.
aliases()
{
	same '/dev/sram0' extmem/sram-90000000 "$(readlink /dev/sram0)" &&
		same '/dev/regs0' extmem/be-regs "$(readlink /dev/regs0)" &&
		same '/dev/env0' extmem/nvram.env "$(readlink /dev/env0)" &&
		same 'links' 3 "$(find /dev -maxdepth 1 -type l -exec readlink {} ';' | grep -c ^extmem/)"
}

# As at boot, when nobody has named the module yet. Catches: a module without the alias of
# its nodes.
comes_by_alias()
{
	unbind_all || return 1
	/usr/sbin/rmmod extmem_memremap extmem_ioremap extmem_cma extmem || return 1
	same 'the nodes' '' "$(ls /dev/extmem 2>/dev/null)" || return 1
	[ ! -L /dev/sram0 ] || { note '/dev/sram0 stays'; return 1; }
	/usr/bin/udevadm trigger --action=add --subsystem-match=platform
	/usr/bin/udevadm settle
	settled && loaded extmem && nodes && aliases
}

# Catches: a backend that goes away under its regions.
busy()
{
	local module

	for module in extmem_ioremap extmem_memremap extmem_cma extmem; do
		! /usr/sbin/modprobe -r $module 2>/dev/null || { note "$module was unloaded"; return 1; }
	done
}

# Catches: a core that does not start without a backend, and a region that waits for ever
# though its backend has come.
backend_comes()
{
	local file tries=0 status=0

	file=$(/usr/sbin/modinfo -F filename extmem-memremap)
	unbind_all && /usr/sbin/rmmod extmem_memremap extmem_ioremap extmem_cma extmem || return 1
	mv "$file" /tmp/
	/usr/sbin/modprobe extmem
	while ! dmesg | grep -qF 'waiting for the backend "memremap"; load the module extmem-memremap'; do
		tries=$((tries + 1))
		[ $tries -lt 50 ] || { note 'nobody says what is missing'; status=1; break; }
		sleep 0.2
	done
	[ ! -e $class/rom ] || { note 'rom needs no backend'; status=1; }
	mv "/tmp/${file##*/}" "$file"
	/usr/sbin/modprobe extmem-memremap && settled && claims $names && return $status
}

# Catches: an open file that does not pin the module.
open_pins()
{
	local status=0

	[ -c /dev/extmem/rom ] || return 1
	exec 9</dev/extmem/rom
	unbind_all || return 1
	/usr/sbin/rmmod extmem_memremap extmem_ioremap extmem_cma || status=1
	! /usr/sbin/rmmod extmem 2>/dev/null || { note 'extmem was unloaded under an open file'; status=1; }
	exec 9<&-
	/usr/sbin/rmmod extmem || status=1
	/usr/sbin/modprobe extmem && settled && return $status
}

# Catches: a command that lacks a library, or that is of another version.
command_runs()
{
	same 'its version' "extmem $(/usr/bin/dpkg-query -W -f '${Version}' extmem-tools | cut -d- -f1)" \
		"$(/usr/bin/extmem --version)" || return 1
	same 'the regions' "$(regions | words)" "$(/usr/bin/extmem list -n -l -o name | tr -d ' ' | words)"
}

# Catches: a completion that bash does not find, or that does not know the regions.
completion()
{
	/usr/bin/bash -c '. /usr/share/bash-completion/bash_completion
		_completion_loader extmem
		complete -p extmem
		COMP_WORDS=(extmem info ro) COMP_CWORD=2
		_extmem
		echo "${COMPREPLY[*]}"' >/tmp/said 2>&1
	same 'what bash says' "complete -o filenames -F _extmem extmem${newline}rom" "$(cat /tmp/said)"
}

# Catches: a page that is not where man looks, or that is empty.
manual()
{
	local page status=0

	for page in 1/extmem.1 1/extmem-list.1 8/extmem-links.8; do
		zcat "/usr/share/man/man$page.gz" 2>/dev/null | grep -q '^\.Sh NAME\|^\.SH NAME' ||
			{ note "no page $page"; status=1; }
	done
	return $status
}

# Where there is no udev. Catches: a link of its own beside udev's.
links()
{
	/usr/sbin/extmem-links || return 1
	aliases
}

tests='loaded_at_boot facts nodes aliases comes_by_alias busy backend_comes open_pins command_runs
	completion manual links'
# shellcheck disable=SC2086 # a list
set -- $tests
plan $#
for name in "$@"; do
	test=$name
	$name
	result $? "$test"
done
finish
