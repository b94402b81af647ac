// SPDX-License-Identifier: GPL-2.0
/*
 * Which line of the source a node or a property is from: dtc -T prints the tree one node
 * or property a line, each with a comment such as "board.dtsi:3, board.dts:7" at its end.
 */
#include <stdlib.h>
#include <string.h>

#include "board-where.h"

/* The last place counts: there the board has its say. */
static void read_place(struct tree *tree, char *comment, const char *folder,
		       struct tree_where *where)
{
	char *end = strstr(comment, " */"), *last, *colon;

	if (!end)
		return;
	*end = '\0';
	last = comment;
	while (strstr(last, ", "))
		last = strstr(last, ", ") + 2;
	colon = strrchr(last, ':');
	if (!colon)
		return;
	*colon = '\0';
	if (strcmp(folder, ".") && *last != '/')
		where->file = arena_printf(&tree->arena, "%s/%s", folder, last);
	else
		where->file = arena_text(&tree->arena, last, strlen(last));
	where->line = strtoul(colon + 1, NULL, 10);
}

/* The comment is the last thing in a line; a string can have one in it, too. */
static char *find_comment(char *line)
{
	char *found = NULL, *at;

	for (at = strstr(line, " /* "); at; at = strstr(at + 1, " /* "))
		found = at;
	return found ? found + 4 : NULL;
}

/* dtc puts labels before a name, each with a colon and a blank. */
static char *skip_labels(char *line)
{
	char *colon;

	line += strspn(line, " \t");
	while ((colon = strstr(line, ": ")) && strcspn(line, " \t={;\"<[") > (size_t)(colon - line))
		line = colon + 2;
	return line;
}

static struct tree_node *enter(struct tree_node *node, const struct tree *tree,
			       const char *name, size_t length)
{
	struct tree_node *child;

	if (!node)
		return length == 1 && *name == '/' ? tree->root : NULL;
	for (child = node->child; child; child = child->next)
		if (!strncmp(child->name, name, length) && !child->name[length])
			return child;
	return NULL;
}

static void note_prop(struct tree *tree, struct tree_node *node, const char *name,
		      size_t length, char *comment, const char *folder)
{
	struct tree_prop *prop;

	for (prop = node->props; prop; prop = prop->next)
		if (!strncmp(prop->name, name, length) && !prop->name[length]) {
			read_place(tree, comment, folder, &prop->where);
			return;
		}
}

void tree_add_where(struct tree *tree, char *text, const char *folder)
{
	struct tree_node *node = NULL;
	char *line, *rest = NULL;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *name = skip_labels(line), *comment = find_comment(name);
		size_t length = strcspn(name, " \t=;{");

		if (*name == '}') {
			node = node ? node->parent : NULL;
		} else if (name[length] == ' ' && name[length + 1] == '{') {
			struct tree_node *child = enter(node, tree, name, length);

			/* A node that is not in the blob would shift all that follows. */
			if (!child)
				return;
			node = child;
			if (comment)
				read_place(tree, comment, folder, &node->where);
		} else if (node && comment) {
			note_prop(tree, node, name, length, comment, folder);
		}
	}
}

const struct tree_where *tree_where(const struct tree_node *node, const char *name)
{
	const struct tree_prop *prop = name ? tree_prop(node, name) : NULL;

	if (prop && prop->where.line)
		return &prop->where;
	return &node->where;
}
