# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Calls at random on all regions (fuzz.c), half of them while they are unbound and bound.
# From the kernel's command line: $calls and $seed.

. ./lib.sh
. ./stress.sh

half=$((${calls:-20000} / 2))
plan 3
# shellcheck disable=SC2086 # a list
attack calls /guest/fuzz $half "${seed:-1}" $names
# shellcheck disable=SC2086 # a list
attack calls_while_unbound /guest/fuzz $half "${seed:-1}" -u $names
no_leaks
finish
