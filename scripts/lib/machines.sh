# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The table of what runs on which machine: Documentation/machines.rst.
# Its rows are kinds of test, its columns machines; a cell is the number of results and,
# in brackets, how many were skipped. Sourced after step.sh.
#
#	machines_test STEP...	what this run had, against the table, which has a cell for
#				each of these steps; KTAP
#	machines_write		what this run had becomes the table; the rest stays

MACHINES_TABLE=$EXTMEM_TOP/Documentation/machines.rst

# machines_cell STEP: "TEST<tab>MACHINE" of a step that is in the table, or nothing. What the
# guests of uml do depends on the CPU of the host; a fuzzer's calls on chance.
machines_cell()
{
	local kind machine test

	read -r kind machine test <<<"$1"
	case $kind in
	kunit)	;;
	guest)	[ "$machine" != uml ] || return 0 ;;
	Debian)	[[ $machine == [0-9]* ]] || return 0
		machine=debian-$machine test=${test#arm64 } ;;
	*)	return 0 ;;
	esac
	case $test in
	kasan* | kcsan* | kcov* | lockdown*)
		machine+=-${test%% *}
		test=${test#"${test%% *}"}
		test=${test# } ;;
	esac
	[ "$kind" != kunit ] || test=KUnit
	printf '%s\t%s\n' "${test:-facts}" "${machine#qemu-}"
}

# "TEST<tab>MACHINE<tab>PASSED SKIPPED" of each step of this run that is in the table.
machines_ran()
{
	local i cell

	for i in "${!STEP_NAMES[@]}"; do
		[[ ${STEP_NOTES[i]} =~ ^([0-9]+)' passed, 0 failed, '([0-9]+)' skipped'$ ]] || continue
		cell=$(machines_cell "${STEP_NAMES[i]}")
		[ ! "$cell" ] ||
			printf '%s\t%s %s\n' "$cell" $((BASH_REMATCH[1] + BASH_REMATCH[2])) "${BASH_REMATCH[2]}"
	done
}

# The table's own cells, in the same form.
machines_documented()
{
	awk '
		/^=+( +=+)+$/ { rules++; next }
		rules % 3 == 1 { columns = split($0, machine) ; next }
		rules % 3 == 2 {
			gsub(/ \(/, "(")
			n = split($0, cell)
			for (i = 2; i <= n; i++) {
				if (cell[i] == "-")
					continue
				split(cell[i], part, /[()]/)
				printf "%s\t%s\t%d %d\n", cell[1], machine[i], part[1], part[2]
			}
		}' "$MACHINES_TABLE"
}

# Cells become a table.
machines_draw()
{
	awk -F '\t' '
		function cell(value,    part) {
			if (value == "")
				return "-"
			split(value, part, " ")
			return part[1] (part[2] ? " (" part[2] ")" : "")
		}
		function rule(    i) {
			for (i = 0; i <= columns; i++)
				printf "%s%s", i ? "  " : "", substr(dashes, 1, width[i])
			print ""
		}
		function row(first, from,    i, text, line) {
			line = sprintf("%-" width[0] "s", first)
			for (i = 1; i <= columns; i++) {
				text = from ? cell(value[first, machine[i]]) : machine[i]
				line = line sprintf("  %-" width[i] "s", text)
			}
			sub(/ +$/, "", line)
			print line
		}
		!($1 in known_test) { known_test[$1] = 1; test[++rows] = $1 }
		!($2 in known) { known[$2] = ++columns; machine[columns] = $2; width[columns] = length($2) }
		{
			value[$1, $2] = $3
			if (length($1) > width[0]) width[0] = length($1)
			if (length(cell($3)) > width[known[$2]]) width[known[$2]] = length(cell($3))
		}
		END {
			if (width[0] < 5) width[0] = 5
			dashes = "===================================================="
			rule(); row("test", 0); rule()
			for (i = 1; i <= rows; i++)
				row(test[i], 1)
			rule()
		}'
}

machines_write()
{
	local new=$MACHINES_TABLE.new

	{
		sed '/^=\+\( \+=\+\)\+$/,$d' "$MACHINES_TABLE"
		# What comes last wins; what is there already keeps its place.
		{ machines_documented; machines_ran; } | machines_draw
		awk '/^=+( +=+)+$/ { rules++; next } rules >= 3' "$MACHINES_TABLE"
	} >"$new"
	mv "$new" "$MACHINES_TABLE"
}

# What is skipped depends on the host's QEMU, libc and compiler. The table is of Debian 12.
machines_is_reference()
{
	grep -qx 'VERSION_ID="12"' /etc/os-release
}

# machines_has_all DOCUMENTED STEP...: a step that takes long may not have run for months.
machines_has_all()
{
	local documented=$1 name cell missing=''
	shift

	for name; do
		cell=$(machines_cell "$name")
		[ ! "$cell" ] || [[ $'\n'$documented == *$'\n'"$cell"$'\t'* ]] ||
			missing+="# ${cell/$'\t'/ on } is not in the table: scripts/check --long --table '$name'"$'\n'
	done
	printf '%s' "$missing"
	[ ! "$missing" ]
}

# Only what ran is compared: a table is current where it can be known to be.
machines_test()
{
	local documented ran line cell number=1 found verdict=ok

	documented=$(machines_documented)
	ran=$(machines_ran)
	if ! machines_is_reference; then
		documented=$(sed 's/ [0-9]*$//' <<<"$documented")
		ran=$(sed 's/ [0-9]*$//' <<<"$ran")
	fi
	echo "KTAP version 1"
	if [ -z "$ran" ]; then
		echo "1..0 # SKIP no step of the table has run"
		return
	fi
	echo "1..$(($(wc -l <<<"$ran") + 1))"
	machines_has_all "$documented" "$@" || verdict='not ok'
	echo "$verdict 1 a cell for each step"
	while IFS= read -r line; do
		number=$((number + 1))
		cell=${line%$'\t'*}
		if grep -qxF "$line" <<<"$documented"; then
			echo "ok $number ${cell/$'\t'/ on }"
		else
			found=$(grep -F "$cell"$'\t' <<<"$documented" || echo nothing)
			echo "# results and skipped: ${line##*$'\t'}; the table has: ${found##*$'\t'}"
			echo "# mend it with: scripts/check --table"
			echo "not ok $number ${cell/$'\t'/ on }"
		fi
	done <<<"$ran"
}
