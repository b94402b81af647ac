# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# User-mode Linux, which has none of this memory: the sim backend stands in for it,
# and the DTS is the very one of the arm64 board.

BOARD_ARCH=um
BOARD_DEBIAN_ARCH=$(dpkg --print-architecture)
BOARD_CMDLINE=(con=null con0=fd:0,fd:1 mem=512M extmem.simulate=1 extmem.of_id=myvendor,sram)
BOARD_TREE=board.dts
BOARD_OVERLAYS=(../qemu-arm64/board.dtso)
BOARD_SPARE=0x94000000
