# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Calls at random on all regions, and what they reach in extmem: drawn blindly, and then
# with the feedback of KCOV (feedback.c). What happens once alone, as the kernel's mapping of a
# region, is the first one's. From the kernel's command line: $calls, $seed and
# $places, how many there are.

. ./lib.sh
. ./stress.sh

plan 2
note "extmem has ${places:-?} places in all"
# shellcheck disable=SC2086 # a list
attack without_feedback /guest/fuzz "${calls:-20000}" "${seed:-1}" -c $names
# shellcheck disable=SC2086 # a list
attack with_feedback /guest/fuzz "${calls:-20000}" "${seed:-1}" -f $names
finish
