# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Lanes: steps that run beside the others, since an emulated machine keeps one CPU busy
# and a build both. Sourced after step.sh.
#
#	lane NAME CMD...	run CMD, which calls step, try and skip, beside the rest
#	lanes_end		wait for all lanes, and take their results over
#
# A lane has a log folder of its own, so that the end of one's step stops nothing of
# another's. What it sets is lost but for the results and what LANE_KEEPS names.

LANE_NAMES=() LANE_PIDS=()
LANE_RESULTS=(STEP_NAMES STEP_VERDICTS STEP_SECONDS STEP_NOTES STEP_SKIPS STEP_FAILURES)
LANE_KEEPS=()

lane()
{
	local name=$1
	shift

	[ "${EXTMEM_LOGS:-}" ] || step_init
	[ ${#LANE_PIDS[@]} -gt 0 ] || on_exit lanes_stop
	mkdir "$EXTMEM_LOGS/$name"
	(
		LANE_PIDS=() STEP_EXIT=() STEP_TTY=''
		EXTMEM_LOGS=$EXTMEM_LOGS/$name
		step_traps
		lane_clear
		"$@"
		lane_save >"$EXTMEM_LOGS/results"
	) &
	LANE_NAMES+=("$name")
	LANE_PIDS+=($!)
}

lane_clear()
{
	local result

	for result in "${LANE_RESULTS[@]}" "${LANE_KEEPS[@]}"; do
		eval "$result=()"
	done
	STEP_COUNTS=([passed]=0 [failed]=0 [skipped]=0)
}

# Lines of shell that add to what there is.
lane_save()
{
	local result verdict

	for result in "${LANE_RESULTS[@]}" "${LANE_KEEPS[@]}"; do
		eval "[ \${#${result}[@]} = 0 ] || printf '$result+=(%s)\n' \"\${$result[*]@Q}\""
	done
	for verdict in passed failed skipped; do
		echo "step_count $verdict ${STEP_COUNTS[$verdict]}"
	done
}

lanes_end()
{
	local i results

	for i in "${!LANE_PIDS[@]}"; do
		results=$EXTMEM_LOGS/${LANE_NAMES[i]}/results
		wait "${LANE_PIDS[i]}" || true
		if [ -e "$results" ]; then
			# shellcheck source=/dev/null
			. "$results"
		else
			try "lane ${LANE_NAMES[i]}" die "ended before its last step"
		fi
	done
	LANE_NAMES=() LANE_PIDS=()
}

lanes_stop()
{
	[ ${#LANE_PIDS[@]} -gt 0 ] || return 0
	kill -TERM "${LANE_PIDS[@]}" 2>/dev/null || true
	wait "${LANE_PIDS[@]}" || true
}
