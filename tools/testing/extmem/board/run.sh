#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: the tests here of the command EXTMEM, each script a subtest of one KTAP document.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export EXTMEM
failed=0 number=0
tests=(agree advice source input map)
echo "KTAP version 1"
echo "1..${#tests[@]}"
for test in "${tests[@]}"; do
	number=$((number + 1))
	echo "    # Subtest: $test"
	if "$here/$test.sh" 2>&1 | sed 's/^/    /'; then
		echo "ok $number $test"
	else
		echo "not ok $number $test"
		failed=1
	fi
done
exit $failed
