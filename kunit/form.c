// SPDX-License-Identifier: GPL-2.0
/*
 * What a refusal and a name look like: see the header. Written from the documentation, and
 * not from rules.c.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "form.h"
#include "rules.h"

#define LONG_PATH 64

/* The properties that a refusal can blame. */
static const char * const blamed[] = {
	"memory-type", "cache-policy", "label", "reg", "memory-region", "buffer-size",
	"reg-io-width", "big-endian", "little-endian", "native-endian", "nonposted-mmio", "pool",
	"nvmem-layout", "interrupts", "interrupt-names", "dma-names", "dmas", "vdd-supply",
	"clocks", "resets", "power-domains",
};

/* What a remedy begins with. */
static const char * const remedies[] = {
	"use ", "give ", "make ", "move ", "keep ", "remove ", "point ", "add ", "put ", "set ",
	"see ", "drop ", "reserve ", "begin ", "say ", "a region has ", "the nearest that it has ",
	"enable ", "/proc/iomem says by whom: disable ", "for -EEXIST, give ",
};

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static bool has_remedy(const char *text)
{
	size_t i;

	while ((text = strstr(text, "; "))) {
		text += 2;
		for (i = 0; i < ARRAY_SIZE(remedies); i++)
			if (starts_with(text, remedies[i]))
				return true;
	}
	return false;
}

/* What comes after the property, or NULL if it is none. */
static const char *after_prop(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(blamed); i++) {
		size_t length = strlen(blamed[i]);

		if (starts_with(text, blamed[i]) && starts_with(text + length, ": "))
			return text + length + 2;
	}
	return NULL;
}

/* All of a path, or, if it is a long one, the last names of it. */
static bool names_node(const char *text, size_t len, const char *node)
{
	size_t all = strlen(node);

	if (all <= LONG_PATH || len >= all)
		return len == all && !memcmp(text, node, len);
	return len && !memcmp(text, node + all - len, len);
}

/**
 * form_of_refusal() - does a refusal say what it must?
 * @text: its line
 * @node: full path of the node
 *
 * Return: NULL, or what is wrong.
 */
const char *form_of_refusal(const char *text, const char *node)
{
	const char *c, *reason, *end = strstr(text, ": ");

	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return "it has a byte that cannot be printed";
	if (!end || !names_node(text, end - text, node))
		return "it does not begin with the node";
	reason = after_prop(end + 2);
	if (!reason)
		return "it names no property of the binding's";
	if (!has_remedy(reason))
		return "it has no remedy";
	/* What fills its buffer has lost its end, most likely. */
	if (strlen(text) >= sizeof(((struct extmem_verdict *)NULL)->message) - 1)
		return "it is cut off";
	return NULL;
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/**
 * form_of_name() - is it one? [A-Za-z0-9][A-Za-z0-9._-]*
 * @name: the name
 * @most: characters that it may have
 *
 * Return: NULL, or what is wrong.
 */
const char *form_of_name(const char *name, size_t most)
{
	const char *c;

	if (!is_letter_or_digit(*name))
		return "it begins with neither a letter nor a digit";
	for (c = name; *c; c++)
		if (!is_letter_or_digit(*c) && *c != '.' && *c != '_' && *c != '-')
			return "it has a character that no name may have";
	return strlen(name) > most ? "it is too long" : NULL;
}
