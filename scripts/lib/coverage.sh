# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Which lines and branches of drivers/extmem the tests reach, by gcov on UML.
# Sourced after the others; coverage() is `scripts/check --coverage`.

# A farm of its own, for two files of the kernel's must be edited (in the farm;
# the source stays as it is): UML throws away the destructors that write gcov's
# counters, and libgcov brings functions that UML has too.
coverage_farm()
{
	local file

	setup_graft
	for file in arch/um/include/asm/common.lds.S arch/um/Makefile-skas; do
		sed -e 's/^\(\t__fini_array_start = \.;\)$/\1\n\t*(.fini_array.*)/' \
		    -e 's/^\(LINK-$(CONFIG_GCOV) += .*\)$/\1 -Wl,--allow-multiple-definition/' \
		    "$KSRC_DIR/$file" >"$FARM_DIR/$file.new"
		! cmp -s "$KSRC_DIR/$file" "$FARM_DIR/$file.new" ||
			die "$file of this kernel is not as expected: teach scripts/lib/coverage.sh"
		if [ ! -L "$FARM_DIR/$file" ] && cmp -s "$FARM_DIR/$file" "$FARM_DIR/$file.new"; then
			rm "$FARM_DIR/$file.new"
		else
			mv "$FARM_DIR/$file.new" "$FARM_DIR/$file"
		fi
	done
}

# The counters, from the objects of ours only.
coverage_counters()
{
	find "$(kernel_dir um gcov)/drivers/extmem" -name kunit -prune -o -name '*.gcda' -print
}

coverage_reset()
{
	coverage_counters | while read -r file; do rm -f "$file"; done
}

# A table of lines and branches; a source that no test entered has no counters,
# and would vanish from the total: that is a failure.
coverage_table()
{
	local source object files

	files=$(coverage_counters)
	[ "$files" ] || die "the run left no counters (*.gcda): see scripts/lib/coverage.sh"
	while read -r object; do
		[ -e "${object%.gcno}.gcda" ] || [[ $object == *.mod.gcno ]] ||
			echo "no counters for ${object##*/}: its lines are not in the total"
	done < <(find "$(kernel_dir um gcov)/drivers/extmem" -name kunit -prune -o -name '*.gcno' -print)
	cd "$(kernel_dir um gcov)" || exit
	while read -r object; do
		source=${object#"$PWD/"}
		gcov -b -n -o "$(dirname "$object")" "$object" | coverage_of "${source%.gcda}.c"
	done <<<"$files" | sort | awk '
		function row(name, l, ln, b, bn) {
			printf "%-38s %6.1f %% of %-5d %6.1f %% of %-5d\n", name,
				ln ? 100 * l / ln : 100, ln, bn ? 100 * b / bn : 100, bn
		}
		BEGIN { printf "%-38s %17s %17s\n", "", "lines        ", "branches     " }
		{ row($1, $2, $3, $4, $5); l += $2; ln += $3; b += $4; bn += $5 }
		/backends\/(cma|memremap)\.c / { L += $2; LN += $3; B += $4; BN += $5 }
		END {
			row("total", l, ln, b, bn)
			row("without cma.c and memremap.c (no UML)", l - L, ln - LN, b - B, bn - BN)
		}'
}

# What gcov says about one of the files: "NAME LINES OF BRANCHES OF".
coverage_of()
{
	awk -v file="$1" '
		function count(text) { sub(/.*:/, "", text); split(text, part, "% of "); return int(part[1] * part[2] / 100 + 0.5) }
		function all(text) { sub(/.* of /, "", text); return text + 0 }
		/^File / { mine = index($0, "/" file "\047") || $0 == "File \047" file "\047" }
		mine && /^Lines executed/ { l = count($0); ln = all($0) }
		mine && /^Taken at least once/ { b = count($0); bn = all($0) }
		END { print file, l + 0, ln + 0, b + 0, bn + 0 }'
}

coverage()
{
	KSRC_NAME+=-gcov
	FARM_DIR+=-gcov
	step "farm for gcov" coverage_farm
	step "build um gcov" kernel_build um gcov
	step "forget older counters" coverage_reset
	try_ktap "kunit uml" kunit_test uml gcov
	step "coverage by KUnit" coverage_table
	echo
	cat "$STEP_LOG"
	try_ktap "guest uml" guest guest_test uml gcov
	step "coverage by KUnit and the guest of uml" coverage_table
	echo
	cat "$STEP_LOG"
	summary
}
