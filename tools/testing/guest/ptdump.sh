# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# cache_policy_effective against the kernel's own dump of its page tables, for the
# kernel view of each region. Reading extmem-views makes those views.

. ./lib.sh

views=/sys/kernel/debug/extmem-views
dump=/sys/kernel/debug/kernel_page_tables

# attributes VADDR SIZE: what the dump says of that range, each line's once;
# nothing if it leaves a gap
attributes()
{
	local start end

	# Addresses of one width compare as strings do.
	start=$(printf "%0${width}x" "$1")
	end=$(printf "%0${width}x" $(($1 + $2)))
	awk -v start="x$start" -v end="x$end" '
		BEGIN { at = start }
		"x" $1 >= end { exit }
		"x" $2 > start {
			if ("x" $1 <= at)
				at = "x" $2
			$1 = $2 = ""
			seen[$0] = 1
		}
		END {
			if (at >= end)
				for (line in seen)
					print line
		}' /tmp/dump
}

# policy LINE EFFECTIVE: the policy that the dump's words stand for on this machine
policy()
{
	case $(uname -m):$1 in
	aarch64:*MEM/NORMAL-NC*)		echo write-combine ;;
	aarch64:*MEM/NORMAL*)			echo write-back ;;
	aarch64:*DEVICE/nGnR*)			echo uncached ;;
	armv*:*MEM/BUFFERABLE/WC*)		echo write-combine ;;
	armv*:*MEM/CACHED/WT*)			echo write-through ;;
	armv*:*MEM/CACHED/WB*)			echo write-back ;;
	armv*:*SO/UNCACHED* | armv*:*DEV/*)	echo uncached ;;
	armv*:*PMD*)				echo untold ;;
	riscv64:*'MT(NC)'*)			echo write-combine ;;
	riscv64:*'MT(IO)'*)			echo uncached ;;
	# The table leaves it to the memory itself, of which not all is known.
	riscv64:*' V')				[ "$2" = unknown ] && echo unknown || echo write-back ;;
	*)					echo "unknown ($1)" ;;
	esac
}

# Catches: a measurement that does not come from the page tables, and a view that
# is mapped in pieces of different attributes.
agrees()
{
	local name=$1 vaddr=$2 size=$3 effective found line

	if [ "$vaddr" = -ENXIO ]; then
		[ -e "$class/$name/pool_in_use" ] || note "$name has no view, and is no pool"
		[ -e "$class/$name/pool_in_use" ]
		result $? "$name"
		return
	fi
	effective=$(cat "$class/$name/cache_policy_effective")
	attributes "$vaddr" "$size" >/tmp/attributes
	found=$(while read -r line; do policy "$line" "$effective"; done </tmp/attributes | sort -u)
	if [ "$found" = untold ]; then
		skip "$name" 'the dump has no attributes of sections on arm'
		return
	fi
	same "$name at $vaddr in the page tables" "$effective" "$found"
	result $? "$name"
}

case $(uname -m) in
aarch64 | armv* | riscv64) ;;
*)
	plan 1
	skip views 'this machine has no dump of its page tables'
	finish
	;;
esac
if lacks CONFIG_PTDUMP_DEBUGFS; then
	plan 1
	skip views 'this kernel does not show its page tables: CONFIG_PTDUMP_DEBUGFS'
	finish
fi
if [ ! -e "$dump" ] || [ ! -e "$views" ]; then
	plan 1
	result 1 "$dump and $views are there"
	finish
fi

cat "$views" >/tmp/views
sed -n 's/^0x\([0-9a-f]*\)-0x\([0-9a-f]*\) /\1 \2 /p' "$dump" >/tmp/dump
width=$(head -n1 /tmp/dump | sed 's/ .*//' | tr -d '\n' | wc -c)
plan $(($(wc -l </tmp/views) + 1))
same 'the views' "$(echo "$names" | words)" "$(sed 's/ .*//' /tmp/views | words)"
result $? views
while read -r name vaddr size; do
	agrees "$name" "$vaddr" "$size"
done </tmp/views
finish
