# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# run.sh TEST[,TEST...]: each is a subtest of one KTAP document.

. ./lib.sh

number=0
tests=$(echo "$1" | tr ',' ' ')
# shellcheck disable=SC2086 # a list
set -- $tests
say "KTAP version 1"
say "1..$#"
for name in "$@"; do
	number=$((number + 1))
	say "    # Subtest: $name"
	if sh "/guest/$name.sh"; then
		say "ok $number $name"
	else
		say "not ok $number $name"
	fi
done
say "extmem-guest: end"
