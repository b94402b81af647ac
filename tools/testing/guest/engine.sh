# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# A real DMA engine: what it moves, who is killed meanwhile (engine.c), and the region that
# goes under it (unbind.c).

. ./lib.sh
. ./stress.sh

plan 14
for name in lim window frames; do
	# Catches: a channel that was not found.
	same "$name: the channel" dma "$(sed 's/[0-9].*//' "$class/$name/dma_channel")"
	result $? "channel.$name"
	attack "move.$name" /guest/engine move "$name"
done
attack copy.lim /guest/engine copy lim window frames plain pool:pool window:frames
attack copy.window /guest/engine copy window lim frames plain
attack copy.plain /guest/engine copy plain lim window
attack copy.pool /guest/engine copy pool:pool lim window frames plain
attack copy.cpu /guest/engine copy plain pool:pool
attack kill.lim /guest/engine kill lim
attack unbind.lim /guest/unbind lim 50
# Catches: one that was lost, or given up, on the way.
attack after /guest/engine move lim
finish
