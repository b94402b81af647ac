# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC1091,SC2086,SC2154,SC3043 # busybox, and lib.sh
#
# Our packages are installed on a Debian that has none of them (scripts/lib/debian.sh), for
# installed.sh and all the others to find after the next boot.

. ./lib.sh

modules=/lib/modules/$(uname -r)
# What Debian's programs call is Debian's, too.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

# run COMMAND...: it must succeed; what it says is in /tmp/said
run()
{
	"$@" >/tmp/said 2>&1 && return
	note "'$*' failed with $?:"
	tail -n 12 /tmp/said | while IFS= read -r line; do note "  $line"; done
	return 1
}

# Catches: a Debian on which the rest would prove nothing.
nothing_before()
{
	same 'the class' '' "$(ls -d $class 2>/dev/null)" &&
		same 'the nodes' '' "$(ls -d /dev/extmem 2>/dev/null)" &&
		same 'our packages' '' "$(/usr/bin/dpkg-query -W -f '${Package} ' '*extmem*' 2>/dev/null)"
}

# Catches: a package that needs what Debian has not, or whose scripts fail.
install()
{
	run /usr/bin/dpkg -i /guest/libextmem1_*.deb /guest/extmem-tools_*.deb &&
		same 'what dpkg says of it' 'install ok installed' \
			"$(/usr/bin/dpkg-query -W -f '${Status}' extmem-tools)"
}

# Its dependency dkms would build modules now, with a compiler. Catches: a file of another
# package's, or a path that no package may have.
unpack_dkms()
{
	run /usr/bin/dpkg --unpack --force-depends /guest/extmem-dkms_*.deb &&
		[ -e "$(echo /usr/src/extmem-*/dkms.conf)" ]
}

# Catches: a file that is lost on the way.
whole()
{
	run /usr/bin/dpkg -V extmem-tools libextmem1 extmem-dkms && same 'what dpkg -V says' '' "$(cat /tmp/said)"
}

# The place is that which dkms.conf gives. Catches: a module that depmod does not know, or
# that wants another kernel.
modules_installed()
{
	local place module

	place=$(sed -n 's/^DEST_MODULE_LOCATION\[0\]="\(.*\)"/\1/p' /usr/src/extmem-*/dkms.conf)
	mkdir -p "$modules$place" && cp /guest/*.ko "$modules$place/" || return 1
	run /usr/sbin/depmod -a || return 1
	for module in extmem extmem-ioremap extmem-memremap extmem-cma extmem-sim; do
		same "where $module is" "$modules$place/$module.ko" "$(/usr/sbin/modinfo -F filename $module)" &&
			same "its kernel" "$(uname -r)" "$(/usr/sbin/modinfo -F vermagic $module | cut -d' ' -f1)" || return 1
	done
}

tests='nothing_before install unpack_dkms whole modules_installed'
# shellcheck disable=SC2086 # a list
set -- $tests
plan $#
for name in "$@"; do
	test=$name
	$name
	result $? "$test"
done
finish
