# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# A PC with 3200 MiB of memory, of which Linux gets the first 512: x86 reserves nothing
# that a device tree asks for, so the command line says it. Without ACPI it cannot switch
# itself off. SeaBIOS: qboot leaves the MTRRs off, and then nothing is write-back.
# Without a local APIC, for no node of a tree describes one.
# reserve=off: the host needs only what the guest touches.

BOARD_ARCH=x86_64
BOARD_DEBIAN_ARCH=amd64
BOARD_TREE=board.dts
BOARD_TREE_AT=0x1ff00000
BOARD_MEMORY=mem=512M
BOARD_CMDLINE=(console=ttyS0 guest_end=reboot extmem.of_id=myvendor,sram)
BOARD_QEMU=(qemu-system-x86_64 -machine pc,memory-backend=ram,max-ram-below-4g=3G -accel tcg
	-cpu max,-apic -bios bios-256k.bin -m 3200M
	-object memory-backend-ram,id=ram,size=3200M,reserve=off)

# 64 MiB that no node of the board uses
BOARD_SPARE=0x94000000
