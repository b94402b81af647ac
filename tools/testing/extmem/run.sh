#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh OUT: the tests, with what the Makefile has built in OUT. Each is a subtest of one
# KTAP document.

set -euo pipefail

out=$1
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tools/testing/extmem/fake.sh
. "$here/fake.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 number=0

# subtest NAME COMMAND...
subtest()
{
	local name=$1 status=0
	shift

	number=$((number + 1))
	echo "    # Subtest: $name"
	"$@" | sed 's/^/    /' || status=$?
	if [ $status = 0 ]; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		failed=1
	fi
}

echo "KTAP version 1"
fake_tree "$work/lib"
subtest library "$out/lib_test" "$work/lib"
fake_tree "$work/shared"
subtest shared-library "$out/lib_test_shared" "$work/shared"
for build in plain sanitized; do
	for test in use bad json help; do
		subtest "$test, $build" env EXTMEM="$out/$build/extmem" FAULT="$out/fault.so" "$here/$test.sh"
	done
done
echo "1..$number"
exit $failed
