# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Faults that are planted in a kernel that watches itself (tools/testing/planted): each
# makes the kernel report it, the judge of ktap.sh takes the run for a failure, and the
# report names the function at fault. Sourced after guest.sh and ktap.sh.
#
#	planted_test BOARD	with the kernel of GUEST_VARIANT; KTAP on stdout

PLANTED_DIR=$EXTMEM_TOP/tools/testing/planted

# planted_list [BOOT]: the faults that this kernel can report: "NAME BOOT PATTERN"
planted_list()
{
	awk -v arch="$BOARD_ARCH" -v variant="$GUEST_VARIANT" -v boot="${1:-}" '
		/^#/ { next }
		{
			kernels = "," $2 ","
			if (!index(kernels, "," variant ",") && !index(kernels, "," arch "-" variant ","))
				next
			if (boot && $3 != boot)
				next
			name = $1 " " $3 " "
			sub(/^[^\t]+\t+[^\t]+\t+[^\t]+\t+/, "")
			print name $0
		}' "$PLANTED_DIR/faults"
}

# planted_segment NAME LOG: what the kernel said of that fault
planted_segment()
{
	awk -v name="$1" '
		{ line = $0; gsub(/\r/, "", line); sub(/^\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "", line) }
		line ~ /^planted: / { on = (line == "planted: " name); next }
		on' "$2"
}

# planted_verdict NAME PATTERN LOG: the log would fail a run, as it must
planted_verdict()
{
	local name=$1 pattern=$2 said judged function=planted_${1//-/_}

	said=$(planted_segment "$name" "$3")
	grep -aqF "planted: $name" "$3" || { echo "the guest did not come to it"; return 1; }
	# A run in which each test passes, but for this.
	judged=$(ktap_judge <(printf 'KTAP version 1\n1..1\nok 1 test\n%s\n' "$said"))
	if [ "$pattern" = - ]; then
		[ "${judged##*$'\n'}" = "counts: 1 0 0" ] || { echo "$judged"; return 1; }
		return 0
	fi
	if ! grep -qE "$pattern" <<<"$said"; then
		echo "nothing in the log says '$pattern':"
		echo "$said"
		return 1
	fi
	if ! grep -q "$function" <<<"$said"; then
		echo "the report does not name $function:"
		echo "$said"
		return 1
	fi
	if [ "${judged##*$'\n'}" != "counts: 1 1 0" ] || ! grep -q "the kernel reports: " <<<"$judged"; then
		echo "a run with this report would pass:"
		echo "$judged"
		echo "$said"
		return 1
	fi
}

planted_test()
(
	set -e
	board=$1
	guest_board "$board"
	tmp=$(mktemp -d "$GUEST_DIR/planted.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	guest_build_modules "$tmp/modules"
	tree=$(guest_tree "$board")

	shared=$(planted_list shared | cut -d' ' -f1 | paste -sd,)
	for faults in "$shared" $(planted_list alone | cut -d' ' -f1); do
		# It need not come to its end.
		guest_boot_and_show "$board" "$tree" planted "planted.ko=$tmp/modules/planted.ko" \
			-- "faults=$faults" kasan_multi_shot >"$tmp/log-${faults%%,*}" 2>&1 || true
	done

	echo "KTAP version 1"
	echo "1..$(planted_list | wc -l)"
	n=0
	while read -r name boot pattern; do
		n=$((n + 1))
		log=$tmp/log-$name
		[ "$boot" = alone ] || log=$tmp/log-${shared%%,*}
		ktap_result "$n" "$name" planted_verdict "$name" "$pattern" "$log"
	done < <(planted_list)
)
