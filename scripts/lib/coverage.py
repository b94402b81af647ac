#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""
coverage.py UNREACHED DRIVER MACHINE:GCOV:BUILD:COUNTERS...

Which lines and branches of DRIVER (the folder drivers/extmem) were reached on any of the
machines. GCOV is the program, BUILD the kernel's build folder, with a .gcno beside each
object, and COUNTERS a folder with a folder of .gcda for each boot.

A line is reached if a machine has come to it. The branches of a line are added up one by
one where the machines have as many of them; where compilers saw the line differently, the
machine counts that has taken most of what it has.

What was not reached must be in UNREACHED, with the reason; see there. The exit status is
1 if a block is not, if a reason is for what is reached, or if a goal is missed.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

GOAL_LINES = 95
GOAL_BRANCHES = 85


class Line:
    def __init__(self):
        self.count = 0
        self.machines = {}      # of each object on each machine: its branches' counts


def read_object(gcov, gcno, gcda):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(gcno), folder + '/object.gcno')
        if gcda:
            os.symlink(os.path.abspath(gcda), folder + '/object.gcda')
        out = subprocess.run([gcov, '-b', '-i', '-t', 'object.gcno'], cwd=folder, check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return [json.loads(part) for part in out.decode().splitlines() if part.strip()]


def source_of(path):
    """The name below drivers/extmem, or None of what is not measured."""
    if '/drivers/extmem/' not in '/' + path:
        return None
    name = ('/' + path).split('/drivers/extmem/')[-1]
    # What events consist of is the kernel's own, macros within macros.
    return None if name.startswith('kunit/') or name == 'trace.h' else name


def read_machine(files, built, machine, gcov, build, counters):
    base = os.path.join(build, 'drivers/extmem')
    boots = sorted(os.listdir(counters))
    for folder, _, names in sorted(os.walk(base)):
        for name in sorted(names):
            if not name.endswith('.gcno') or name.endswith('.mod.gcno') or '/kunit' in folder:
                continue
            gcno = os.path.join(folder, name)
            relative = os.path.relpath(gcno, base)[:-len('gcno')] + 'gcda'
            built.add(relative[:-len('gcda')] + 'c')
            found = [os.path.join(counters, boot, relative) for boot in boots]
            found = [gcda for gcda in found if os.path.exists(gcda)] or [None]
            for gcda in found:
                for document in read_object(gcov, gcno, gcda):
                    add(files, (machine, relative), document)


def add(files, key, document):
    for source in document['files']:
        name = source_of(source['file'])
        if name is None:
            continue
        branches = collections.defaultdict(list)
        for entry in source['lines']:
            line = files[name][entry['line_number']]
            line.count += entry['count']
            branches[entry['line_number']] += [b['count'] for b in entry['branches']]
        for number, counts in branches.items():
            line = files[name][number]
            line.machines[key] = total(line.machines.get(key), counts)


def share(counts):
    return sum(1 for c in counts if c) / len(counts) if counts else -1


def total(one, other):
    if one is None:
        return other
    if len(one) == len(other):
        return [a + b for a, b in zip(one, other)]
    return max(one, other, key=share)


def branches_of(line):
    counts = None
    for key in sorted(line.machines):
        if line.machines[key]:
            counts = total(counts, line.machines[key])
    return counts or []


def functions_of(source):
    """The function that each line is in, as the kernel writes them: gcov has no name for
    those that were put into others."""
    function, functions = '', ['']
    for text in source:
        match = re.match(r'[A-Za-z_][^=;]*?\b(\w+)\(', text)
        if match and not text.rstrip().endswith(';'):
            function = match.group(1)
        functions.append(function)
    return functions


def blocks_of(lines, functions):
    """Runs of lines of a function that were not reached."""
    block, blocks = [], []
    for number in sorted(lines):
        line = lines[number]
        if block and (line.count or functions[number] != functions[block[-1]]):
            blocks.append(block)
            block = []
        if not line.count:
            block.append(number)
    return blocks + [block] if block else blocks


def read_reasons(path):
    """Lines of FILE:FUNCTION: PATTERN -- REASON."""
    reasons = []
    for number, text in enumerate(open(path, encoding='utf-8'), 1):
        text = text.strip()
        if not text or text.startswith('#'):
            continue
        match = re.match(r'([^:\s]+):([^:\s]+): (.+?) -- (\S.*)$', text)
        if not match:
            sys.exit(f'{path}:{number}: not FILE:FUNCTION: PATTERN -- REASON')
        reasons.append((number,) + match.groups())
    return reasons


def row(name, reached, lines, taken, branches):
    print('%-26s %6.1f %% of %-5d %6.1f %% of %-5d' % (
        name, 100 * reached / lines if lines else 100, lines,
        100 * taken / branches if branches else 100, branches))


def main():
    unreached, driver, machines = sys.argv[1], sys.argv[2], sys.argv[3:]
    files = collections.defaultdict(lambda: collections.defaultdict(Line))
    built = set()
    for machine in machines:
        read_machine(files, built, *machine.split(':'))

    reasons = read_reasons(unreached)
    used, problems = set(), []
    totals = [0, 0, 0, 0]
    print('%-26s %17s %17s' % ('', 'lines        ', 'branches     '))
    for name in sorted(files):
        lines = files[name]
        branches = [c for line in lines.values() for c in branches_of(line)]
        counts = [sum(1 for line in lines.values() if line.count), len(lines),
                  sum(1 for c in branches if c), len(branches)]
        row(name, *counts)
        totals = [a + b for a, b in zip(totals, counts)]
        source = open(os.path.join(driver, name), encoding='utf-8').read().splitlines()
        functions = functions_of(source)
        for block in blocks_of(lines, functions):
            function = functions[block[0]]
            text = [source[number - 1].strip() for number in block]
            why = [reason for reason in reasons if reason[1] == name and reason[2] == function and
                   any(reason[3] in line for line in text)]
            used.update(reason[0] for reason in why)
            if not why:
                problems.append(f'{name}:{block[0]}: {function}: {text[0]} '
                                f'({len(block)} lines) is not reached, and has no reason')
    row('total', *totals)

    for folder, _, names in os.walk(driver):
        for name in names:
            name = os.path.relpath(os.path.join(folder, name), driver)
            if not name.endswith('.c') or name.endswith('.mod.c') or name.startswith('kunit/') or \
               name in built:
                continue
            why = [reason for reason in reasons if reason[1:4] == (name, '*', '*')]
            used.update(reason[0] for reason in why)
            if why:
                print(f'{name}: {why[0][4]}')
            else:
                problems.append(f'{name}: built on none of these machines, and has no reason')
    print(f'{len(used)} reasons for what is not reached: {os.path.relpath(unreached)}')

    for number, name, function, pattern, _ in reasons:
        if number not in used:
            problems.append(f'{unreached}:{number}: {name}:{function}: {pattern}: a reason for '
                            'what is reached, or is not there')
    if 100 * totals[0] < GOAL_LINES * totals[1]:
        problems.append(f'less than {GOAL_LINES} % of the lines')
    if 100 * totals[2] < GOAL_BRANCHES * totals[3]:
        problems.append(f'less than {GOAL_BRANCHES} % of the branches')
    for problem in problems:
        print('problem:', problem)
    sys.exit(1 if problems else 0)


main()
