# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# The machine that has a DMA engine.

# shellcheck source=configs/machines/sifive-u/board.sh
. "$EXTMEM_TOP/configs/machines/sifive-u/board.sh"
BOARD_OVERLAYS=(../../machines/sifive-u/board.dtso)
BOARD_CMDLINE+=(quiet loglevel=1)
