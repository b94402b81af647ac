# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# User-mode Linux, which runs at the host's speed on simulated memory.

BOARD_ARCH=um
BOARD_DEBIAN_ARCH=$(dpkg --print-architecture)
BOARD_CMDLINE=(con=null "con0=fd:0,fd:1" mem=256M quiet loglevel=1 extmem.simulate=1)
BOARD_TREE=board.dts
