# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154 # Debian's; guest= is of the kernel's command line
#
# The first process of a guest with Debian's kernel and root: it does what systemd would do
# for extmem, with the same programs, and runs the tests that init.sh would.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
busybox=/guest/bin/busybox
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
ln -s /proc/self/fd /dev/fd
mount -t debugfs debugfs /sys/kernel/debug
# The kernel's default is never, of a board with this little memory.
thp=/sys/kernel/mm/transparent_hugepage/enabled
[ ! -e $thp ] || echo madvise >$thp
[ ! -d /guest/programs ] || cp -an /guest/programs/. /usr/
$busybox --install -s /guest/bin

# Whom the tests give buffers to.
modprobe -qa brd vgem
# Of what has been there before udev, platform devices alone have to do with extmem, and the
# others take half a minute of an emulated machine.
/usr/lib/systemd/systemd-udevd --daemon || echo 'extmem-guest: no udev'
udevadm trigger --action=add --subsystem-match=platform
/usr/lib/systemd/systemd-modules-load || echo 'extmem-guest: no module has been loaded'
udevadm settle
# A backend is loaded meanwhile, and those who wait for it are tried again.
before=none
tries=0
while now=$(ls /sys/class/extmem 2>/dev/null) && [ "$now" != "$before" ] && [ $tries -lt 60 ]; do
	before=$now
	tries=$((tries + 1))
	sleep 1
	udevadm settle
done

cd /guest || exec $busybox poweroff -f
PATH=/guest/bin:$PATH $busybox sh run.sh "$guest"
echo 'extmem-guest: end'
# It has files of the modules mapped. A test may have ended it.
udevadm control --exit 2>/dev/null
sync
umount /boot "/usr/lib/modules/$(uname -r)" /kernel
mount -o remount,ro /
exec $busybox poweroff -f
