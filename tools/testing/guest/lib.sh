# SPDX-License-Identifier: GPL-2.0
#
# What the guest tests share: KTAP lines, the expectation, and the regions there are.
# KTAP goes to the kernel log, where a line cannot be torn by a kernel message.

class=/sys/class/extmem
driver=/sys/bus/platform/drivers/extmem-region
case_number=0
case_failed=0

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

# The table of the regions as it must be, without comments.
expected()
{
	sed '/^#/d; /^ *$/d' /guest/expected
}

expected_names()
{
	expected | sed '1d; s/ .*//'
}

# expected_value REGION COLUMN
expected_value()
{
	expected | awk -v name="$1" -v column="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) wanted = i }
		$1 == name { print $wanted }'
}

# The names of the regions, sorted.
regions()
{
	local dir

	for dir in "$class"/*; do
		[ ! -d "$dir" ] || echo "${dir##*/}"
	done | sort
}

# compare REGION: each file of it against the expectation, and no other file
compare()
{
	local dir="$class/$1" file value status=0

	[ -d "$dir" ] || { note "$1: no such region"; return 1; }
	for file in $(expected | head -n1); do
		case $file in name | '('*) continue ;; esac
		value=$(cat "$dir/$file" 2>&1) || value="cannot be read: $value"
		same "$1/$file" "$(expected_value "$1" "$file")" "$value" || status=1
	done
	for file in "$dir"/*; do
		file=${file##*/}
		[ -f "$dir/$file" ] && [ ! -L "$dir/$file" ] || continue
		case $file in uevent | dev) continue ;; esac
		expected | head -n1 | tr -s ' ' '\n' | grep -qx "$file" ||
			{ note "$1/$file: a file that nothing is expected of"; status=1; }
	done
	return $status
}

# claim REGION: its line in /proc/iomem as it must be
claim()
{
	local base size

	base=$(expected_value "$1" phys_addr)
	size=$(expected_value "$1" size)
	printf '%08x-%08x : %s\n' "$base" $((base + size - 1)) "$1"
}

# claimed REGION: is that line there?
claimed()
{
	sed 's/^ *//' /proc/iomem | grep -qxF "$(claim "$1")"
}

# device_of REGION: the platform device that it hangs on
device_of()
{
	basename "$(readlink -f "$class/$1/device")"
}
