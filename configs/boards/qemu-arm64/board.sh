# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # scripts/lib/guest.sh sources and reads this
#
# QEMU's virt machine with 3200 MiB of memory, of which Linux gets the first 512
# (machine.dtso). reserve=off: the host needs only what the guest touches. The
# second flash bank is a file that the guest cannot write.

BOARD_ARCH=arm64
BOARD_DEBIAN_ARCH=arm64
BOARD_CMDLINE=(console=ttyAMA0 extmem.of_id=myvendor,sram)
BOARD_OVERLAYS=(machine.dtso board.dtso)
BOARD_QEMU=(qemu-system-aarch64 -machine virt,memory-backend=ram -accel tcg
	-cpu max,pauth-impdef=on -m 3200M
	-object memory-backend-ram,id=ram,size=3200M,reserve=off
	-drive "if=pflash,unit=1,format=raw,readonly=on,file=${GUEST_ROM:-}")

# 64 MiB that no node of the board uses.
BOARD_SPARE=0x94000000
# 1 TiB of address space with nothing in it.
BOARD_TERABYTE=0x10000000000
# The interrupt of a device that is not there.
BOARD_INTERRUPT="interrupts = <0 100 4>;"
