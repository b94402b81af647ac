# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# A table of the regions, all of it out of sysfs, and what the command says of them if it
# is here.

class=/sys/class/extmem

# cell FILE: its value, or a dash
cell()
{
	cat "$1" 2>/dev/null || echo -
}

{
	echo 'NAME TYPE POLICY EFFECTIVE SIZE BACKEND ACCESS STATE ADDRESS'
	for dir in "$class"/*; do
		[ -d "$dir" ] || continue
		echo "${dir##*/}" "$(cell "$dir/type")" "$(cell "$dir/cache_policy")" \
			"$(cell "$dir/cache_policy_effective")" "$(cell "$dir/size")" \
			"$(cell "$dir/backend")" "$(cell "$dir/access")" \
			"$(cell "$dir/state")" "$(cell "$dir/phys_addr")"
	done
} | awk '
	{
		for (i = 1; i <= NF; i++) {
			text[NR, i] = $i
			if (length($i) > width[i])
				width[i] = length($i)
		}
	}
	END {
		for (row = 1; row <= NR; row++) {
			line = ""
			for (i = 1; i <= 9; i++)
				line = line sprintf("%-" (width[i] + 2) "s", text[row, i])
			sub(/ +$/, "", line)
			print line
		}
		print NR - 1 " regions"
	}'

if [ -x /guest/extmem ]; then
	echo
	echo '# extmem list'
	/guest/extmem list
	echo
	echo '# extmem map --live'
	/guest/extmem map --live
fi
