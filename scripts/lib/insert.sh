# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What extmem adds to files of the kernel's own; each function reads such a file on stdin
# and prints it with the lines in it. Sourced after step.sh.

# The last endmenu is that of "Device Drivers".
insert_drivers_kconfig()
{
	tac | sed '0,/^endmenu$/s//endmenu\n\nsource "drivers\/extmem\/Kconfig"/' | tac
}

insert_drivers_makefile()
{
	cat
	# shellcheck disable=SC2016 # a variable of make's
	echo 'obj-$(CONFIG_EXTMEM)		+= extmem/'
}

insert_selftests_makefile()
{
	insert_after 'TARGETS += exec' 'TARGETS += extmem'
}

# insert_after LINE NEW...: behind the first such line, which must be there.
insert_after()
{
	local line=$1
	shift

	awk -v line="$line" -v new="$(printf '%s\n' "$@")" '
		{ print }
		$0 == line && !done { print new; done = 1 }
		END { exit !done }' || die "the kernel has no line '$line' to put ours behind"
}

# insert_maintainers ENTRY: in its place in the alphabet.
insert_maintainers()
{
	awk -v entry="$1" '
		/^EXT/ && $0 > entry && !done { print entry "\n"; done = 1 }
		{ print }
		END { exit !done }' || die "the kernel's MAINTAINERS has no entry to put ours before"
}
