# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests here share, beside ../tap.sh, which it sources.
#
#	top			the repository
#	board_tree BOARD [DTSO...]	as guest_tree, in a shell of its own; prints the file
#	has_machines		QEMU is there, to ask for the trees of its machines
#	errors FILE [OPTION...]	the errors of extmem check, without the file and the line
#	kinds FILE [OPTION...]	the kinds of its advice, sorted

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)
# shellcheck source=tools/testing/extmem/tap.sh
. "$top/tools/testing/extmem/tap.sh"
# shellcheck disable=SC2034 # of who sources this
board_tests=$top/tools/testing/extmem/board

board_tree()
(
	set -euo pipefail
	for file in step apt setup kernel guest; do
		# shellcheck source=/dev/null
		. "$top/scripts/lib/$file.sh"
	done
	guest_tree "$@"
)

has_machines()
{
	command -v qemu-system-aarch64 >/dev/null && command -v qemu-system-arm >/dev/null &&
		command -v qemu-system-riscv64 >/dev/null && command -v fdtoverlay >/dev/null
}

errors()
{
	"$EXTMEM" check "$@" | sed -n 's/^[^ ]* error: //p'
}

kinds()
{
	"$EXTMEM" check "$@" | sed -n 's/.* advice: .* \[\(.*\)\]$/\1/p' | sort
}
