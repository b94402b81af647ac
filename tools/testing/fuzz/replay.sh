#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# replay.sh DIR: each file of the corpus by DIR/replay_rules or DIR/replay_board. Prints KTAP.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "KTAP version 1"
if ! said=$("$here/seeds.sh" "$work" 2>&1); then
	echo "1..1"
	echo "# ${said//$'\n'/$'\n# '}"
	echo "not ok 1 seeds"
	exit 1
fi
cd "$work" || exit
files=(rules/* board/*)
echo "1..${#files[@]}"
status=0 number=0
for file in "${files[@]}"; do
	number=$((number + 1))
	if said=$("$1/replay_${file%%/*}" "$file" 2>&1); then
		echo "ok $number $file"
	else
		head -n 30 <<<"$said" | sed 's/^/# /'
		echo "not ok $number $file"
		status=1
	fi
done
exit $status
