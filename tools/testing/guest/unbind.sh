# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Regions go and come while four threads use them (unbind.c): one of each way to be
# mapped, one with partitions, and a partition. $cycles, from the kernel's command line,
# is how often for the first.

. ./lib.sh
. ./stress.sh

cycles=${cycles:-1000}
plan 6
attack sram /guest/unbind sram "$cycles"
for name in nvram.journal ddr-window capture video; do
	attack "$name" /guest/unbind "$name" $((cycles / 10))
done
no_leaks
finish
