# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Judge raw test logs: KTAP results, and what the kernel complained about
# meanwhile. A test can print "ok" beside a KASAN report, so both count.
#
#	ktap_judge LOG		prints each problem and each skip on a line, then
#				the line "counts: PASSED FAILED SKIPPED"
#
#	try_ktap NAME CMD...	as try of step.sh, for a command that prints KTAP
#
#	ktap_result N NAME CMD...	inside such a command: a result, and what CMD says
#				at its end if it fails
#
# - Leaf results are counted, each once; the result of a suite or of a
#   parametrised case counts only if it failed and nothing inside it did.
# - Results that a plan promises and that never came are failures: so is a
#   document without a plan, for a crash could not be told from its end, and
#   a log without KTAP.
# - A log with kernel reports has one failure more. The one that is let pass
#   is UML's about a missing virtio device id, which every boot prints.

ktap_judge()
{
	awk "$KTAP_UNRUN_AWK" "$1" | awk "$KTAP_AWK"
}

# A module with suites that is loaded while KUnit is off prints the head of a
# document, in the middle of whatever a guest prints, and then says that it is
# off: such a head is no promise. A KUnit run that is off has no results, and
# fails for that.
# shellcheck disable=SC2016 # the dollars are awk's
KTAP_UNRUN_AWK='
{
	line = $0
	gsub(/\r/, "", line)
	sub(/^\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "", line)
}
held == 2 && line == "kunit: disabled" { held = 0; next }
held == 1 && line ~ /^1\.\.[0-9]+$/ { head = head "\n" $0; held = 2; next }
held { print head; held = 0 }
line ~ /^KTAP version [0-9]+$/ { head = $0; held = 1; next }
{ print }
END { if (held) print head }
'

try_ktap()
{
	STEP_JUDGE=ktap_step_judge
	try "$@"
	STEP_JUDGE=step_judge
}

ktap_result()
{
	local n=$1 name=$2 said rc
	shift 2

	# Not in an `if`, where bash would switch errexit off in CMD, too.
	set +e
	said=$(set -e; "$@" 2>&1)
	rc=$?
	set -e
	if [ "$rc" = 0 ]; then
		echo "ok $n $name"
	else
		tail -n 60 <<<"$said" | sed 's/^/# /'
		echo "not ok $n $name"
	fi
}

ktap_step_judge()
{
	local problems passed failed skipped line

	problems=$(ktap_judge "$STEP_LOG")
	read -r passed failed skipped < <(sed -n 's/^counts: //p' <<<"$problems")
	if [ "$STEP_RC" = 77 ] && ! grep -aqE '^(not )?ok ' "$STEP_LOG"; then
		step_judge
		return
	fi
	if [ "$STEP_RC" != 0 ] && [ "$failed" = 0 ]; then
		failed=1
		problems="problem: exit status $STEP_RC, though no result failed"
	fi
	STEP_NOTE="$passed passed, $failed failed, $skipped skipped"
	if [ "$failed" != 0 ]; then
		STEP_VERDICT=failed
		STEP_PROBLEMS=$(sed -n 's/^problem: /    | /p' <<<"$problems" | head -n 20)
		echo "$STEP_PROBLEMS"
	elif [ "$passed" = 0 ]; then
		STEP_VERDICT=skipped
	else
		STEP_VERDICT=passed
	fi
	while read -r line; do
		STEP_SKIPS+=("$STEP_NAME"$'\t'"${line#skip: }")
	done < <(grep '^skip: ' <<<"$problems")
	step_count passed "$passed"
	step_count failed "$failed"
	step_count skipped "$skipped"
}

# Works in mawk, which is all that a bare Debian has.
# shellcheck disable=SC2016 # the dollars are awk's
KTAP_AWK='
function problem(text) { print "problem: " text }

function skip(line)
{
	skipped++
	sub(/^(ok|not ok|1\.\.0) *[0-9]* *-? */, "", line)
	sub(/ *# *[Ss][Kk][Ii][Pp]:? */, "\t", line)
	print "skip: " line
}

# The block of results at one depth ends: did all of them come?
function close_block(d,    missing)
{
	if (!(d in open))
		return
	if (d in plan) {
		missing = plan[d] - seen[d]
		if (missing > 0) {
			problem(missing " of " plan[d] " results never came" where(d))
			failed += missing
			inner_failed[d] += missing
		} else if (missing < 0) {
			problem("more results than the plan of " plan[d] where(d))
			failed++
			inner_failed[d]++
		} else if (plan[d] == 0 && plan_skip[d]) {
			skip(plan_skip[d])
		}
	} else if (d == 0) {
		problem("no plan: the end of the test cannot be told from a crash")
		failed++
	}
	delete open[d]; delete plan[d]; delete plan_skip[d]; delete seen[d]; delete name[d]
}

function where(d) { return (d in name) ? " in " name[d] : "" }

function open_block(d)
{
	open[d] = 1
	seen[d] = 0
	inner_failed[d] = 0
}

# All blocks deeper than d have ended; fold what failed in d+1 for its parent.
function close_below(d,    i)
{
	for (i = deepest; i > d; i--)
		close_block(i)
	if (deepest > d)
		deepest = d
}

function result(d, ok, line,    had_block, inner)
{
	documents++
	had_block = (d + 1) in open
	close_below(d)
	inner = had_block ? inner_failed[d + 1] : 0
	if (!(d in open))
		open_block(d)
	deepest = d
	seen[d]++
	if (line ~ /# *[Ss][Kk][Ii][Pp]/) {
		# What was skipped inside has been counted already.
		if (!had_block)
			skip(line)
	} else if (had_block) {
		if (!ok && !inner) {
			problem(line " (and nothing inside it failed)")
			failed++
			inner = 1
		}
		inner_failed[d] += inner
	} else if (ok) {
		passed++
	} else {
		problem(line)
		failed++
		inner_failed[d]++
	}
}

function report(line)
{
	if (++reports <= 5)
		problem("the kernel reports: " line)
}

{
	gsub(/\r/, "")
	sub(/^\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "")
	line = $0
	match(line, /^ */)
	depth = int(RLENGTH / 4)
	whole = (RLENGTH % 4 == 0)
	sub(/^ */, "", line)
}

whole && line ~ /^K?TAP version [0-9]+$/ {
	close_below(depth - 1)
	open_block(depth)
	deepest = depth
	next
}

whole && line ~ /^1\.\.[0-9]+( *#.*)?$/ {
	# A plan may come first or last, but a second one starts a document.
	close_below(depth)
	if ((depth in open) && (depth in plan))
		close_block(depth)
	if (!(depth in open))
		open_block(depth)
	deepest = depth
	plans++
	plan[depth] = substr(line, 4) + 0
	plan_skip[depth] = (line ~ /# *[Ss][Kk][Ii][Pp]/) ? line : ""
	if (plan_skip[depth])
		documents++
	next
}

whole && line ~ /^ok [0-9]+/ { result(depth, 1, line); next }
whole && line ~ /^not ok [0-9]+/ { result(depth, 0, line); next }

line ~ /^# Subtest: / { name[depth] = substr(line, 12); next }
line ~ /^Bail out!/ { problem(line); failed++; next }
line ~ /^#/ { next }

# A WARN comes as a block, which the one exception must be recognised by.
line ~ /^-+\[ cut here \]-+$/ { cut = 1; cut_first = ""; cut_known = 0; next }
cut {
	if (cut_first == "" || (cut_first !~ complaint && line ~ complaint))
		cut_first = line
	if (line ~ /^No virtio device ID configured for PCI/)
		cut_known = 1
	if (line ~ /^---\[ end trace/) {
		if (!cut_known)
			report(cut_first)
		cut = 0
	}
	next
}
# That DMA_API_DEBUG is there is no report.
line ~ /^DMA-API: (preallocated|debugging (en|dis)abled)/ { next }
line ~ complaint { report(line) }

BEGIN {
	deepest = 0
	complaint = "WARNING: |BUG: |kernel BUG at|KASAN: |KFENCE: |KCSAN: |UBSAN: |Oops|Kernel panic|" \
		"Unable to handle kernel|Internal error: |general protection fault|" \
		"^Call [Tt]race:|^Kernel mode fault|" \
		"possible circular locking|possible recursive locking|inconsistent lock state|" \
		"suspicious RCU usage|\\*\\*\\* DEADLOCK \\*\\*\\*|bad unlock balance|" \
		"new suspected memory leaks|^unreferenced object 0x|" \
		"INFO: task .* blocked for more than|detected stalls|DMA-API: |refcount_t: |" \
		"list_(add|del) corruption|cannot create duplicate filename|" \
		"pagealloc: (single bit error|memory corruption)|" \
		"does not have a release\\(\\) function|sleeping function called from|scheduling while atomic"
}

END {
	close_below(-1)
	if (cut && !cut_known)
		report(cut_first)
	if (!documents && !failed) {
		problem("no test results at all")
		failed++
	}
	if (reports) {
		if (reports > 5)
			problem((reports - 5) " more lines of kernel reports")
		failed++
	}
	printf "counts: %d %d %d\n", passed, failed, skipped
}
'
