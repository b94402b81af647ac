# SPDX-License-Identifier: GPL-2.0
#
# awk -f table.awk -v json=0|1 -v names="ROW ROW..." rows LOG...: the table of what the
# guests said, in the order of rows, and of those that are named only. LOG may be none.

function trim(text) {
	gsub(/^[ \t]+|[ \t\r]+$/, "", text)
	return text
}

function median(line,    n, i, j, v, values) {
	n = split(line, values, "\t")
	for (i = 2; i <= n; i++) {
		v = values[i] + 0
		for (j = i - 1; j > 0 && values[j] + 0 > v; j--)
			values[j + 1] = values[j]
		values[j + 1] = v
	}
	return n % 2 ? values[(n + 1) / 2] + 0 : (values[n / 2] + values[n / 2 + 1]) / 2
}

# 1234567 -> 1,234,567; below 100 with what is behind the point
function number(value,    text, out) {
	if (value < 100 && value != int(value))
		return sprintf("%.2f", value)
	text = sprintf("%.0f", value)
	while (length(text) > 3) {
		out = "," substr(text, length(text) - 2) out
		text = substr(text, 1, length(text) - 3)
	}
	return text out
}

function ratio(value, peer) {
	if (value <= 0 || peer <= 0)
		return ""
	if (value >= peer)
		return sprintf("%.2f", value / peer)
	return "1/" (peer / value < 10 ? sprintf("%.2f", peer / value) : sprintf("%.0f", peer / value))
}

# The value that a limit like 1/800 or 800 means in a row.
function limit_value(row, limit,    parts) {
	if (split(limit, parts, "/") < 2)
		return limit + 0
	return values[row, peer[row]] * parts[1] / parts[2]
}

function met(row, subject,    value) {
	if (limit[row, subject] ~ "/" && !((row, peer[row]) in values))
		return ""
	value = values[row, subject]
	if (relation[row, subject] == "<=")
		return value <= limit_value(row, limit[row, subject]) ? "yes" : "no"
	return value >= limit_value(row, limit[row, subject]) ? "yes" : "no"
}

function quote(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}

function print_row(row,    n, i, list, subject, against, expected, verdict) {
	n = split(subjects[row], list, "\t")
	printf "%s (%s)\n", what[row], unit[row]
	for (i = 1; i <= n; i++) {
		subject = list[i]
		if ((row, subject) in failed) {
			printf "  %-22s not measured: %s\n", subject, failed[row, subject]
			continue
		}
		against = expected = verdict = ""
		if (subject != peer[row] && (row, peer[row]) in values)
			against = ratio(values[row, subject], values[row, peer[row]])
		if ((row, subject) in limit) {
			expected = relation[row, subject] " " limit[row, subject]
			verdict = met(row, subject)
		}
		line = sprintf("  %-22s %15s  %-12s %-10s  %-10s %s", subject,
			       number(values[row, subject]), (against ? peer[row] : ""), against,
			       expected, verdict)
		sub(/ +$/, "", line)
		print line
	}
}

function json_row(row,    n, i, list, subject, m) {
	n = split(subjects[row], list, "\t")
	printf "%s\n    {\"name\": %s, \"what\": %s, \"unit\": %s, \"peer\": %s, \"results\": [",
		(rows_out++ ? "," : ""), quote(row), quote(what[row]), quote(unit[row]), quote(peer[row])
	for (i = 1; i <= n; i++) {
		subject = list[i]
		printf "%s\n      {\"subject\": %s", (i > 1 ? "," : ""), quote(subject)
		if ((row, subject) in failed) {
			printf ", \"failed\": %s}", quote(failed[row, subject])
			continue
		}
		m = all[row, subject]
		gsub(/\t/, ", ", m)
		printf ", \"median\": %.10g, \"values\": [%s]", values[row, subject], m
		if (subject != peer[row] && values[row, peer[row]] > 0)
			printf ", \"ratio\": %.6g", values[row, subject] / values[row, peer[row]]
		if ((row, subject) in limit)
			printf ", \"expected\": %s, \"met\": %s", quote(relation[row, subject] " " limit[row, subject]),
				(met(row, subject) == "yes" ? "true" : met(row, subject) == "no" ? "false" : "null")
		printf "}"
	}
	printf "]}"
}

BEGIN {
	count = split(names, list, " ")
	for (i = 1; i <= count; i++)
		chosen[list[i]] = 1
}

# The rows: the first file.
FNR == NR {
	if ($0 ~ /^#/ || $0 !~ /\|/)
		next
	split($0, part, "|")
	row = trim(part[1])
	order[++rows] = row
	unit[row] = trim(part[2])
	what[row] = trim(part[3])
	peer[row] = trim(part[4])
	n = split(trim(part[5]), list, ";")
	for (i = 1; i <= n; i++) {
		if (!match(list[i], / [<>]= /))
			continue
		subject = trim(substr(list[i], 1, RSTART))
		relation[row, subject] = substr(list[i], RSTART + 1, 2)
		limit[row, subject] = trim(substr(list[i], RSTART + 4))
	}
	next
}

{ sub(/\r$/, "") }

/^bench(-failed)?\t/ {
	split($0, part, "\t")
	row = part[2]
	subject = part[3]
	subjects[row] = subjects[row] (subjects[row] ? "\t" : "") subject
	if (part[1] == "bench-failed") {
		failed[row, subject] = part[4]
		next
	}
	line = $0
	sub(/^bench\t[^\t]*\t[^\t]*\t/, "", line)
	all[row, subject] = line
	values[row, subject] = median(line)
}

END {
	if (json)
		printf "{\n  \"version\": 1,\n  \"rows\": ["
	else
		printf "%-24s %15s  %-12s %-10s  %-10s %s\n", "", "median", "against", "ratio", "expected", "met"
	for (i = 1; i <= rows; i++) {
		row = order[i]
		if (!(row in chosen) || !(row in subjects))
			continue
		if (json)
			json_row(row)
		else
			print_row(row)
	}
	if (json)
		printf "\n  ]\n}\n"
}
