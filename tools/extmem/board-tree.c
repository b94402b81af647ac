// SPDX-License-Identifier: GPL-2.0
/*
 * A device tree in memory. Where the kernel would look into a property, so does this: a
 * string that does not end in it is none.
 */
#include <string.h>

#include "board-tree.h"

void tree_init(struct tree *tree, const char *file)
{
	*tree = (struct tree){ .file = file };
}

void tree_free(struct tree *tree)
{
	arena_free(&tree->arena);
}

/* A name goes to terminals and into pictures. */
static const char *printable(struct tree *tree, const char *name)
{
	char *copy = arena_text(&tree->arena, name, strlen(name)), *c;

	for (c = copy; *c; c++)
		if (*c <= ' ' || *c > '~')
			*c = '?';
	return copy;
}

struct tree_node *tree_add_node(struct tree *tree, struct tree_node *parent, const char *name)
{
	struct tree_node *node = arena_alloc(&tree->arena, sizeof(*node));

	node->name = printable(tree, name);
	node->parent = parent;
	if (!parent) {
		tree->root = node;
		return node;
	}
	node->depth = parent->depth + 1;
	if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->child = node;
	parent->last_child = node;
	return node;
}

struct tree_prop *tree_add_prop(struct tree *tree, struct tree_node *node, const char *name,
				const void *value, int len)
{
	struct tree_prop *prop = arena_alloc(&tree->arena, sizeof(*prop));

	prop->name = printable(tree, name);
	prop->value = arena_copy(&tree->arena, value, len);
	prop->len = len;
	if (node->last_prop)
		node->last_prop->next = prop;
	else
		node->props = prop;
	node->last_prop = prop;
	return prop;
}

const char *tree_path(struct tree *tree, struct tree_node *node)
{
	if (node->path)
		return node->path;
	if (!node->parent)
		node->path = "/";
	else if (!node->parent->parent)
		node->path = arena_printf(&tree->arena, "/%s", node->name);
	else
		node->path = arena_printf(&tree->arena, "%s/%s",
					  tree_path(tree, node->parent), node->name);
	return node->path;
}

struct tree_node *tree_child(const struct tree_node *node, const char *name)
{
	struct tree_node *child;

	for (child = node->child; child; child = child->next)
		if (!strcmp(child->name, name))
			return child;
	return NULL;
}

static struct tree_node *child_of_length(const struct tree_node *node, const char *name,
					 size_t length)
{
	struct tree_node *child;

	for (child = node->child; child; child = child->next)
		if (!strncmp(child->name, name, length) && !child->name[length])
			return child;
	return NULL;
}

struct tree_node *tree_find(const struct tree *tree, const char *path)
{
	struct tree_node *node = tree->root;

	while (node && *path == '/' && path[1]) {
		size_t length = strcspn(path + 1, "/");

		node = child_of_length(node, path + 1, length);
		path += 1 + length;
	}
	return node;
}

struct tree_node *tree_next(const struct tree_node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

struct tree_node *tree_find_phandle(const struct tree *tree, u32 phandle)
{
	struct tree_node *node;
	u32 value;

	if (!phandle || phandle == (u32)-1)
		return NULL;
	for (node = tree->root; node; node = tree_next(node))
		if ((tree_u32(node, "phandle", &value) ||
		     tree_u32(node, "linux,phandle", &value)) && value == phandle)
			return node;
	return NULL;
}

const struct tree_prop *tree_prop(const struct tree_node *node, const char *name)
{
	const struct tree_prop *prop;

	for (prop = node ? node->props : NULL; prop; prop = prop->next)
		if (!strcmp(prop->name, name))
			return prop;
	return NULL;
}

bool tree_has(const struct tree_node *node, const char *name)
{
	return tree_prop(node, name);
}

bool tree_u32(const struct tree_node *node, const char *name, u32 *value)
{
	const struct tree_prop *prop = tree_prop(node, name);

	if (!prop || prop->len < 4)
		return false;
	*value = (u32)prop->value[0] << 24 | prop->value[1] << 16 | prop->value[2] << 8 |
		 prop->value[3];
	return true;
}

const char *tree_string(const struct tree_node *node, const char *name)
{
	const struct tree_prop *prop = tree_prop(node, name);

	if (!prop || !memchr(prop->value, '\0', prop->len))
		return NULL;
	return (const char *)prop->value;
}

static bool lists(const struct tree_node *node, const char *name, const char *string,
		  int (*compare)(const char *, const char *))
{
	const struct tree_prop *prop = tree_prop(node, name);
	const char *at, *end;

	if (!prop)
		return false;
	at = (const char *)prop->value;
	end = at + prop->len;
	while (at < end) {
		size_t length = strnlen(at, end - at);

		if (length == (size_t)(end - at))
			return false;
		if (!compare(at, string))
			return true;
		at += length + 1;
	}
	return false;
}

bool tree_lists(const struct tree_node *node, const char *name, const char *string)
{
	return lists(node, name, string, strcmp);
}

/* The kernel does not tell capitals from small letters there. */
bool tree_compatible(const struct tree_node *node, const char *compatible)
{
	return lists(node, "compatible", compatible, strcasecmp);
}

bool tree_available(const struct tree_node *node)
{
	const char *status = tree_string(node, "status");

	if (!tree_has(node, "status"))
		return true;
	return status && (!strcmp(status, "okay") || !strcmp(status, "ok"));
}

bool tree_name_is(const struct tree_node *node, const char *name)
{
	size_t length = strcspn(node->name, "@");

	return strlen(name) == length && !strncmp(node->name, name, length);
}
