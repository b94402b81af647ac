# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # scripts/lib/guest.sh sources and reads this
#
# The machine that scripts/bench measures on: QEMU's virt with 5.5 GiB, of which Linux
# gets the first (bench.dtso). reserve=off: the host needs only what the guest touches.
# It is no example of a board, so it is not in configs/boards.

BOARD_ARCH=arm64
BOARD_DEBIAN_ARCH=arm64
BOARD_CMDLINE=(console=ttyAMA0 quiet loglevel=1 nokaslr "uio_pdrv_genirq.of_id=bench,uio")
BOARD_OVERLAYS=(bench.dtso)
BOARD_QEMU=(qemu-system-aarch64 -machine "virt,memory-backend=ram,dtb-randomness=off"
	-cpu cortex-a72 -m 5632M
	-object "memory-backend-ram,id=ram,size=5632M,reserve=off")
