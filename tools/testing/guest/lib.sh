# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2034,SC3043 # busybox; who sources this uses them
#
# What the guest tests share: KTAP lines, the expectation, and the regions there are.
# KTAP goes to the kernel log, where a line cannot be torn by a kernel message.
#
# A process costs milliseconds in an emulated machine, so what is looked up often is
# looked up by the shell itself, and left in a variable.

class=/sys/class/extmem
driver=/sys/bus/platform/drivers/extmem-region
newline='
'
case_number=0
case_failed=0

# lacks OPTION: this kernel was built without it. Only Debian's says how it was built; ours
# has what the tests need.
lacks()
{
	local config

	config=/boot/config-$(uname -r)
	[ -e "$config" ] && ! grep -q "^$1=" "$config"
}

say()
{
	echo "$*" >/dev/kmsg
}

plan()
{
	say "    KTAP version 1"
	say "    1..$1"
}

# result STATUS NAME
result()
{
	case_number=$((case_number + 1))
	if [ "$1" = 0 ]; then
		say "    ok $case_number $2"
	else
		say "    not ok $case_number $2"
		case_failed=1
	fi
}

skip()
{
	case_number=$((case_number + 1))
	say "    ok $case_number $1 # SKIP $2"
}

note()
{
	say "    # $*"
}

# same WHAT WANTED FOUND: true if they are equal, else a note
same()
{
	[ "$2" != "$3" ] || return 0
	note "$1: expected '$2', found '$3'"
	return 1
}

# finish: the test's exit status
finish()
{
	exit "$case_failed"
}

# The lines of stdin as sorted words.
words()
{
	sort | tr '\n' ' '
}

# The table of the regions as it must be: its first row names the columns.
table=$(sed '/^#/d; /^ *$/d; s/  */ /g' /guest/expected)
# Memory outside System RAM, which /proc/iomem names, has pages by that option alone.
if lacks CONFIG_ZONE_DEVICE; then
	table=$(echo "$table" | awk '
		NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
		NR > 1 && $column["(iomem)"] == "yes" { $column["direct_io"] = "no" }
		{ print }')
fi
columns=${table%%"$newline"*}
columns=${columns#name }
names=$(echo "$table" | sed '1d; s/ .*//')

# wanted REGION COLUMN: sets wanted_value
wanted()
{
	local IFS=$newline row column

	wanted_value=
	for row in $table; do
		[ "${row%% *}" = "$1" ] || continue
		row=${row#* }
		IFS=' '
		for column in $columns; do
			[ "$column" != "$2" ] || wanted_value=${row%% *}
			row=${row#* }
		done
		return
	done
}

# The names of the regions there are, sorted.
regions()
{
	local dir

	for dir in "$class"/*; do
		[ ! -d "$dir" ] || echo "${dir##*/}"
	done | sort
}

# compare REGION: each file of it against the table ("-": there is none), and no
# other file
compare()
{
	local dir="$class/$1" found line file column status=0

	[ -d "$dir" ] || { note "$1: no such region"; return 1; }
	# The figures of a pool change; dmabuf.c of the selftests has an eye on them.
	found=$newline$(cd "$dir" && for file in *; do
		[ -f "$file" ] && [ ! -L "$file" ] && echo "$file"
	done | grep -vxE 'uevent|dev|pool_.*' | xargs grep -H .)$newline

	for column in $columns; do
		case $column in '('*) continue ;; esac
		wanted "$1" "$column"
		line=-
		case $found in
		*"$newline$column:"*)
			line=${found#*"$newline$column:"}
			line=${line%%"$newline"*}
			;;
		esac
		same "$1/$column" "$wanted_value" "$line" || status=1
	done

	local IFS=$newline
	for line in $found; do
		case " $columns " in
		*" ${line%%:*} "*) ;;
		*) note "$1/${line%%:*}: a file that nothing is expected of"; status=1 ;;
		esac
	done
	return $status
}

# claim REGION: sets claim_line, its line in /proc/iomem as it must be, and
# claim_wanted, whether it must be there (yes or no)
claim()
{
	local base

	wanted "$1" phys_addr
	base=$wanted_value
	[ "$base" != - ] || base=0
	wanted "$1" size
	claim_line=$(printf '%08x-%08x : %s' "$base" $((base + wanted_value - 1)) "$1")
	wanted "$1" '(iomem)'
	claim_wanted=$wanted_value
}

# claims NAME...: the line of each is in /proc/iomem, or not, as it must be
claims()
{
	local iomem name found status=0

	iomem=$newline$(sed 's/^ *//' /proc/iomem)$newline
	for name in "$@"; do
		claim "$name"
		case $iomem in
		*"$newline$claim_line$newline"*) found=yes ;;
		*) found=no ;;
		esac
		same "'$claim_line' in /proc/iomem" "$claim_wanted" "$found" || status=1
	done
	return $status
}
