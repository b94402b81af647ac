# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Unbind does not wait for a page of the user's that does not come (slowpage.c): of a
# region that is copied directly, of memory that is copied in one width, of registers.

. ./lib.sh
. ./stress.sh

plan 4
for name in sram ddr-window fpga-regs; do
	attack "$name" /guest/slowpage "$name"
done
no_leaks
finish
