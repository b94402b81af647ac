# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Gives the counters of a kernel with gcov to the console, an archive in base64, for
# scripts/lib/coverage.sh. debugfs does not tell the size of a file, so each is copied.

dmesg -n 1
mkdir -p /tmp/gcov
find /sys/kernel/debug/gcov -name '*.gcda' | grep /drivers/extmem/ | while IFS= read -r file; do
	to=/tmp/gcov/${file##*/drivers/extmem/}
	mkdir -p "${to%/*}"
	cat "$file" >"$to"
done
echo 'extmem-gcov: begin'
tar -C /tmp/gcov -c . | gzip | base64
echo 'extmem-gcov: end'
