# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# The same machine with two CPUs.

# shellcheck source=configs/bench/arm64/board.sh
. "$EXTMEM_TOP/configs/bench/arm64/board.sh"
BOARD_OVERLAYS=(../arm64/bench.dtso)
BOARD_QEMU+=(-smp 2)
