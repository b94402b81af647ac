# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Steps of a script: announced, timed, logged, and stopped as a whole.
# Sourced by scripts/check and scripts/demo, which have `set -euo pipefail`.
#
#	step NAME CMD...	run it; if it fails, say why and end the script
#	try NAME CMD...		run it; if it fails, say why and go on
#			exit status 77 means skipped, the log's last line is why
#	skip NAME REASON	record that it was not run
#	critical WHAT CMD...	inside a step: Ctrl-C waits for this to end
#	with_lock NAME CMD...	inside a step: one holder of NAME at a time
#	with_lock_shared ...	many holders, none while with_lock has it
#	on_exit CMD...		run when the script ends, whatever the reason
#	die MESSAGE		one line, exit status 1
#
# A step is a child process, so it cannot set the script's variables, and it
# has errexit on: never call step or try in an `if`, `&&` or `||`, where bash
# would switch errexit off inside it too. try leaves the verdict in STEP_RC.

EXTMEM_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
EXTMEM_CACHE=${EXTMEM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/extmem}
export EXTMEM_TOP EXTMEM_CACHE

STEP_NAMES=() STEP_VERDICTS=() STEP_SECONDS=() STEP_NOTES=()
STEP_RC=0 STEP_LOG='' STEP_PID='' STEP_EXIT=()
STEP_SKIPS=() STEP_FAILURES=() STEP_NAME=''
STEP_JUDGE=step_judge STEP_VERDICT='' STEP_NOTE='' STEP_PROBLEMS='' STEP_TTY=''
[ ! -t 1 ] || STEP_TTY=y
declare -A STEP_COUNTS=([passed]=0 [failed]=0 [skipped]=0)

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# The folder for everything that is fetched or made.
extmem_cache()
{
	echo "$EXTMEM_CACHE"
}

on_exit()
{
	STEP_EXIT+=("$(printf '%q ' "$@")")
}

# The log folder of this run. The newest twenty are kept, and all of a day, for
# another run may still write to its own.
step_init()
{
	mkdir -p "$EXTMEM_CACHE/logs" "$EXTMEM_CACHE/lock" 2>/dev/null ||
		die "cannot write to $EXTMEM_CACHE: free some space or set XDG_CACHE_HOME"
	EXTMEM_LOGS=$EXTMEM_CACHE/logs/$(date +%Y%m%d-%H%M%S)-${0##*/}-$$
	mkdir "$EXTMEM_LOGS" 2>/dev/null ||
		die "cannot write to $EXTMEM_CACHE/logs: no space left?"
	export EXTMEM_LOGS
	find "$EXTMEM_CACHE/logs" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n +21 | cut -d' ' -f2- |
		while read -r old; do
			[ -z "$(find "$old" -maxdepth 0 -mtime +0)" ] || rm -rf "$old"
		done
	step_traps
}

step_traps()
{
	trap 'step_signal INT 130' INT
	trap 'step_signal TERM 143' TERM
	trap 'step_signal HUP 129' HUP
	trap step_exit EXIT
}

# The processes of this run that are not in the step's process group, which
# timeout(1) and others leave: each has the run's log folder in its environment.
step_strays()
{
	local mark=EXTMEM_LOGS=$EXTMEM_LOGS pid

	{ EXTMEM_LOGS='' grep -alzxF "$mark" /proc/[0-9]*/environ 2>/dev/null || true; } |
		while read -r pid; do
			pid=${pid#/proc/}
			pid=${pid%/environ}
			[ "$pid" = $$ ] || echo "$pid"
		done
}

# step_kill PID: stop the step, first by asking.
step_kill()
{
	local pid=$1 tries victims=() signal=TERM
	local busy=$EXTMEM_LOGS/.critical

	if [ -e "$busy" ] && kill -0 "$pid" 2>/dev/null; then
		echo "waiting for $(cat "$busy") to end, so that nothing is left half-installed" >&2
		while [ -e "$busy" ] && kill -0 "$pid" 2>/dev/null; do
			sleep 0.2 || true
		done
	fi
	for tries in {1..50}; do
		mapfile -t victims < <(step_strays)
		[ "$tries" -lt 40 ] || signal=KILL
		kill -"$signal" -- "-$pid" "${victims[@]}" 2>/dev/null || true
		[ ${#victims[@]} -gt 0 ] || kill -0 -- "-$pid" 2>/dev/null || break
		sleep 0.1 || true
	done
}

step_signal()
{
	trap '' INT TERM HUP
	echo >&2
	echo "${0##*/}: stopped by SIG$1" >&2
	exit "$2"
}

step_exit()
{
	local rc=$? i

	trap '' INT TERM HUP
	trap - EXIT
	# The signal may have come before the child's id was noted.
	STEP_PID=${STEP_PID:-$(jobs -p | tail -n 1)}
	[ -z "$STEP_PID" ] || step_kill "$STEP_PID"
	for ((i = ${#STEP_EXIT[@]} - 1; i >= 0; i--)); do
		eval "${STEP_EXIT[i]}" || true
	done
	rm -f "$EXTMEM_LOGS/.critical"
	exit "$rc"
}

step_clock()
{
	printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60))
}

# The lines of a log that say why it failed, else its end.
step_blame()
{
	local log=$1 lines

	if [ "$(step_last_words "$log")" ]; then
		echo "    whole log: $log"
		return
	fi
	lines=$(grep -aE '^[^ ]+:[0-9]+: |(error|Error|ERROR|warning|fatal|FAIL|WARNING|BUG): |No space left|cannot |^E: |\*\*\* ' "$log" |
		grep -avE '# SKIP' | tail -n 8) || true
	# What comes before a failed result says why it failed.
	lines+=${lines:+$'\n'}$(grep -aE -B 6 '^(\[[^]]*\])? *not ok ' "$log" | head -n 30) || true
	if [ "$lines" ]; then
		echo "    lines that look relevant:"
		echo "    | ${lines//$'\n'/$'\n'    | }"
	else
		echo "    last lines:"
		tail -n 8 "$log" | sed 's/^/    | /'
	fi
	echo "    whole log: $log"
}

step_record()
{
	STEP_NAMES+=("$1")
	STEP_VERDICTS+=("$2")
	STEP_SECONDS+=("$3")
	STEP_NOTES+=("${4:-}")
}

# step_run NAME CMD...: sets STEP_RC and STEP_LOG
step_run()
{
	local name=$1 start=$SECONDS spent said=0 shown=-1 pause=0.2 blame
	shift

	[ "${EXTMEM_LOGS:-}" ] || step_init
	STEP_LOG=$EXTMEM_LOGS/$(printf '%02d' ${#STEP_NAMES[@]})-${name//[^A-Za-z0-9._-]/_}.log
	echo "==> $name"
	# A process group of its own, so that it can be stopped as one, and
	# the terminal's Ctrl-C reaches this script alone.
	set -m
	(
		trap - INT TERM HUP EXIT
		set -e
		"$@"
	) >"$STEP_LOG" 2>&1 </dev/null &
	STEP_PID=$!
	set +m
	# No read -t here, though it needs no process: bash 5.2 dies of leaving it
	# by a trap.
	while kill -0 "$STEP_PID" 2>/dev/null; do
		# What lasts is not looked at often: the look takes its time from it.
		sleep "$pause" || true
		spent=$((SECONDS - start))
		[ "$spent" -lt 5 ] || pause=1
		if [ "$STEP_TTY" ] && [ "$spent" != "$shown" ]; then
			shown=$spent
			printf '\r    %d s ' "$spent"
		elif [ ! "$STEP_TTY" ] && [ $((spent / 60)) -gt "$said" ]; then
			said=$((spent / 60))
			echo "    $name: $spent s so far"
		fi
	done
	STEP_RC=0
	wait "$STEP_PID" || STEP_RC=$?
	# What the command left behind in the background goes with it.
	step_kill "$STEP_PID"
	STEP_PID=''
	[ ! "$STEP_TTY" ] || printf '\r             \r'
	spent=$((SECONDS - start))
	STEP_NAME=$name STEP_NOTE='' STEP_PROBLEMS=''
	"$STEP_JUDGE"
	step_record "$name" "$STEP_VERDICT" "$spent" "$STEP_NOTE"
	case $STEP_VERDICT in
	passed)	echo "<== $name: $spent s${STEP_NOTE:+, $STEP_NOTE} (total $(step_clock))" ;;
	*)	echo "<== $name: ${STEP_VERDICT^^} after $spent s${STEP_NOTE:+: $STEP_NOTE} (total $(step_clock))" ;;
	esac
	if [ "$STEP_VERDICT" = failed ]; then
		blame=$(step_blame "$STEP_LOG")
		echo "$blame"
		STEP_FAILURES+=("    $name: $STEP_NOTE"$'\n'"${STEP_PROBLEMS:-$(head -n 12 <<<"$blame")}")
	fi
}

# The line that a step died with, if it knew why.
step_last_words()
{
	local last

	last=$(tail -n 1 "$1")
	[[ $last != "${0##*/}: "* ]] || echo "${last#*: }"
}

# What the exit status in STEP_RC says: STEP_VERDICT and STEP_NOTE.
step_judge()
{
	case $STEP_RC in
	0)	STEP_VERDICT=passed ;;
	77)	STEP_VERDICT=skipped STEP_NOTE=$(tail -n 1 "$STEP_LOG")
		STEP_SKIPS+=("$STEP_NAME"$'\t\t'"$STEP_NOTE") ;;
	*)	STEP_VERDICT=failed STEP_NOTE=$(step_last_words "$STEP_LOG")
		STEP_NOTE=${STEP_NOTE:-exit status $STEP_RC} ;;
	esac
	step_count "$STEP_VERDICT" 1
}

# step_count passed|failed|skipped N
step_count()
{
	STEP_COUNTS[$1]=$((${STEP_COUNTS[$1]} + $2))
}

try()
{
	step_run "$@"
}

step()
{
	step_run "$@"
	[ "$STEP_RC" = 0 ] || die "$1: $STEP_NOTE"
}

skip()
{
	[ "${EXTMEM_LOGS:-}" ] || step_init
	echo "--- $1: skipped: $2"
	STEP_SKIPS+=("$1"$'\t\t'"$2")
	step_record "$1" skipped 0 "$2"
	step_count skipped 1
}

step_table()
{
	local i

	printf '%-44s %-8s %6s  %s\n' step verdict time note
	for i in "${!STEP_NAMES[@]}"; do
		printf '%-44s %-8s %4d s  %s\n' "${STEP_NAMES[i]}" \
			"${STEP_VERDICTS[i]}" "${STEP_SECONDS[i]}" "${STEP_NOTES[i]}"
	done
}

# What was skipped and why, the results of a step that share a reason together.
step_skips()
{
	[ ${#STEP_SKIPS[@]} -gt 0 ] || return 0
	echo
	echo "skipped, and why:"
	printf '%s\n' "${STEP_SKIPS[@]}" | awk -F '\t' '
		{ key = $1 ": " $3 }
		!(key in n) { order[++keys] = key }
		{ n[key]++ }
		$2 != "" && n[key] <= 3 { names[key] = names[key] (n[key] > 1 ? ", " : "") $2 }
		END {
			for (i = 1; i <= keys; i++) {
				key = order[i]
				more = n[key] > 3 ? " and " n[key] - 3 " more" : ""
				print "    " key (names[key] != "" ? " (" names[key] more ")" : "")
			}
		}'
}

# What failed and why, once more: the end of a run is what gets kept and sent.
step_failures()
{
	[ ${#STEP_FAILURES[@]} -gt 0 ] || return 0
	echo
	echo "failed, and why:"
	printf '%s\n' "${STEP_FAILURES[@]}" | cut -c1-200
}

critical()
{
	local rc=0

	echo "$1" >"$EXTMEM_LOGS/.critical"
	shift
	"$@" || rc=$?
	rm -f "$EXTMEM_LOGS/.critical"
	return "$rc"
}

with_lock_of()
{
	local how=$1 name=$2 fd
	shift 2

	mkdir -p "$EXTMEM_CACHE/lock"
	exec {fd}>"$EXTMEM_CACHE/lock/$name"
	if ! flock "$how" -n "$fd"; then
		echo "waiting for another run that holds $name"
		flock "$how" "$fd"
	fi
	# In a child without errexit's blind spot; the lock goes with the last
	# process that has it open, so a killed build never leaves it behind.
	"$@"
	exec {fd}>&-
}

with_lock()
{
	with_lock_of -x "$@"
}

with_lock_shared()
{
	with_lock_of -s "$@"
}
