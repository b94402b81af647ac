#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# The guest's init. What it is to do comes by the kernel's command line:
#	guest=shell		show the table, then a shell
#	guest=table		show the table
#	guest=none		nothing: KUnit ran when the kernel came up
#	guest=TEST[,TEST...]	run these tests, KTAP in the kernel log

/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
# The kernel's default is never, of a board with this little memory.
thp=/sys/kernel/mm/transparent_hugepage/enabled
[ ! -e $thp ] || echo madvise >$thp
[ ! -e /guest/extmem ] || ln -s /guest/extmem /bin/extmem
cd /guest || exec poweroff -f

case ${guest:-shell} in
shell)
	dmesg -n 1
	sh table.sh
	echo
	echo 'A shell in the board; exit or Ctrl-C ends it.'
	setsid cttyhack sh -l
	;;
table)
	dmesg -n 1
	sh table.sh
	;;
none)
	;;
*)
	sh run.sh "$guest"
	;;
esac
[ ! -d /sys/kernel/debug/gcov ] || sh gcov.sh
echo 'extmem-guest: end'
# Some machines can only start again, which QEMU takes for the end, too.
[ "${guest_end:-}" != reboot ] || reboot -f
poweroff -f
