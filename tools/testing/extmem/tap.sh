# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Results of a script's tests, as KTAP. EXTMEM is the command, FAULT the library of fault.c;
# BOARD becomes a folder of fake.sh's, a new one for each script, and WORK one for files.
#
#	ok NAME COMMAND...	it succeeds
#	same NAME WANTED FOUND
#	says NAME CODE PATTERN COMMAND...	it ends with that code, and says one line on
#				stderr that matches, or nothing if the pattern is empty
#	faulty NAME=VALUE... COMMAND...	with the faults of fault.c
#	skip NAME REASON
#	finish			the plan

set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/testing/extmem/fake.sh
. "$here/fake.sh"
EXTMEM=${EXTMEM:-extmem}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"
BOARD=$WORK/board
fake_tree "$BOARD"
export EXTMEM_SYSFS=$BOARD/sys EXTMEM_DEV=$BOARD/dev
# fault.so comes before the sanitizers' own library.
export ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS:-}
unset NO_COLOR
tap_count=0 tap_failed=0

tap_result()
{
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count $2"
	else
		echo "not ok $tap_count $2"
		tap_failed=1
	fi
}

ok()
{
	local name=$1 status
	shift

	"$@" >"$WORK/said" 2>&1
	status=$?
	[ $status = 0 ] || sed "s/^/# $name: /" "$WORK/said"
	tap_result $status "$name"
}

same()
{
	[ "$2" = "$3" ] || {
		sed '1s/^/expected: /; s/^/# /' <<<"$2"
		sed '1s/^/found: /; s/^/# /' <<<"$3"
	}
	[ "$2" = "$3" ]
	tap_result $? "$1"
}

says()
{
	local name=$1 code=$2 pattern=$3 found lines status=0
	shift 3

	"$@" >"$WORK/out" 2>"$WORK/err" </dev/null
	found=$?
	lines=$(wc -l <"$WORK/err")
	[ "$found" = "$code" ] || { echo "# $name: exit code $found, not $code"; status=1; }
	if [ "$pattern" ]; then
		[ "$lines" = 1 ] || { echo "# $name: $lines lines, not 1"; status=1; }
		grep -qE -- "^extmem: .*$pattern" "$WORK/err" || { echo "# $name: not /$pattern/"; status=1; }
	else
		[ "$lines" = 0 ] || { echo "# $name: it says something"; status=1; }
	fi
	[ $status = 0 ] || sed 's/^/# it said: /' "$WORK/err" | head -n 5
	tap_result $status "$name"
}

faulty()
{
	# Who starts the tests in the background may have SIGINT ignored.
	env --default-signal=INT LD_PRELOAD="$FAULT" "$@"
}

skip()
{
	tap_count=$((tap_count + 1))
	echo "ok $tap_count $1 # SKIP $2"
}

finish()
{
	echo "1..$tap_count"
	exit $tap_failed
}
