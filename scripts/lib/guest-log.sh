# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What a guest's kernel reports that is not about us, or was wanted, gets another name, so
# that scripts/lib/ktap.sh does not count it. Sourced by guest.sh.
#
#	guest_filter_log			of BOARD_ARCH and GUEST_VARIANT
#	guest_filter_failures [loading=1]	of allocations that failed on purpose

# On UML: when a page table is emptied by who does not hold its VMAs' lock, user-mode Linux
# walks them all the same, and says so. With KCSAN: the kernel has races of its own, on
# purpose or not. One is ours if any function of ours is in either of its stacks.
guest_filter_log()
{
	case $BOARD_ARCH-${GUEST_VARIANT:-} in
	um-*)		awk "$GUEST_UML_AWK" ;;
	*-kcsan)	awk "$GUEST_KCSAN_AWK" <(guest_functions) - ;;
	*)		cat ;;
	esac
}

# shellcheck disable=SC2016 # the dollars are awk's
GUEST_UML_AWK='
function show(    i)
{
	for (i = 0; i < held; i++) {
		if (known)
			sub(/WARNING: suspicious RCU usage|Call Trace:/, "(flush_tlb_mm of user-mode Linux)", lines[i])
		print lines[i]
	}
	held = 0
}
/WARNING: suspicious RCU usage/ { show(); known = trace = 0; holding = 1 }
!holding { print; next }
{ lines[held++] = $0 }
/flush_tlb_mm\+/ { known = 1 }
/Call Trace:/ { trace = 1; next }
trace && !/ \[<[0-9a-f]+>\]/ { show(); holding = 0 }
END { show() }
'

# The functions of drivers/extmem, and those of what tests load.
guest_functions()
{
	"$(kernel_cross "$BOARD_ARCH")nm" "$(kernel_dir "$BOARD_ARCH" "$GUEST_VARIANT")"/drivers/extmem/{*.o,*/*.o} |
		awk '$2 ~ /^[tT]$/ { print $3 }' | sort -u
}

# shellcheck disable=SC2016 # the dollars are awk's
GUEST_KCSAN_AWK='
function show(    i)
{
	for (i = 0; i < held; i++) {
		if (!ours)
			sub(/BUG: KCSAN: /, "(the race of another) ", lines[i])
		print lines[i]
	}
	held = 0
}
NR == FNR { known[$1] = 1; next }
/BUG: KCSAN: / { show(); ours = 0; holding = 1 }
!holding { print; next }
{ lines[held++] = $0 }
/========/ { show(); holding = 0; next }
{
	for (i = 1; i <= NF; i++) {
		name = $i
		sub(/\+0x.*/, "", name)
		if (name in known || name ~ /^planted_/)
			ours = 1
	}
}
END { show() }
'

# guest_filter_failures [loading=1]: what Linux says of the allocations that failed on purpose
# gets another name, so that it does not count: who failed, and with loading, that a module
# could not come. Those traces are ours that have a function of ours, with its module's name.
guest_filter_failures()
{
	# shellcheck disable=SC2016 # the dollars are awk's
	awk ${1:+-v "$1"} '
		function show(    i)
		{
			for (i = 0; i < held; i++) {
				if (wanted || (loading && !ours))
					gsub(/\[ cut here \]|WARNING:|Call trace:|end trace/, "(a failure on purpose)", lines[i])
				print lines[i]
			}
			held = 0
		}
		/\[ cut here \]|Call trace:/ && !holding { wanted = ours = trace = 0; holding = 1 }
		!holding { print; next }
		{ lines[held++] = $0 }
		/\]  warn_alloc\+0x/ { wanted = 1 }
		/\+0x.* \[extmem/ { ours = 1 }
		/Call trace:/ { trace = 1; next }
		trace && !/\]  [^ ]+\+0x/ { show(); holding = 0 }
		END { show() }'
}
