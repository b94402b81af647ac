# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# QEMU's sifive_u, for its DMA engine: the memory beside it is the loosely integrated
# memory of the L2 cache, which Linux has no use for.

BOARD_ARCH=riscv64
BOARD_DEBIAN_ARCH=riscv64
BOARD_CMDLINE=(console=ttySIF0 guest_end=reboot)
BOARD_OVERLAYS=(board.dtso)
BOARD_QEMU=(qemu-system-riscv64 -machine sifive_u -accel tcg -smp 2 -m 512M)
