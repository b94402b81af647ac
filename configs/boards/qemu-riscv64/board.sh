# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# QEMU's virt machine with 2176 MiB of memory, of which Linux gets 768 (machine.dtso).
# reserve=off: the host needs only what the guest touches. The ROM is the machine's
# own, from which it starts. Svpbmt: without it there are no page attributes.

BOARD_ARCH=riscv64
BOARD_DEBIAN_ARCH=riscv64
BOARD_CMDLINE=(console=ttyS0 extmem.of_id=myvendor,sram)
BOARD_OVERLAYS=(machine.dtso board.dtso)
BOARD_QEMU=(qemu-system-riscv64 -machine virt,memory-backend=ram -accel tcg
	-cpu rv64,svpbmt=true -m 2176M
	-object memory-backend-ram,id=ram,size=2176M,reserve=off)

# 64 MiB that no node of the board uses.
BOARD_SPARE=0x94000000
# 1 TiB of address space with nothing in it.
BOARD_TERABYTE=0x10000000000
