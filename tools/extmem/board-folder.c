// SPDX-License-Identifier: GPL-2.0
/*
 * A device tree as the kernel shows it in /proc/device-tree: a folder is a node, a file is
 * a property.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board-read.h"
#include "extmem.h"

/* Far more than a property has. */
#define MAX_VALUE	(1 << 20)
/* The kernel's own trees have some thousands: this ends what has no end. */
#define MAX_ENTRIES	200000

struct walk {
	struct tree *tree;
	struct tree_error *error;
	unsigned int entries;
};

static bool cannot_read(struct walk *walk, struct tree_node *node, const char *name)
{
	return tree_fail(walk->error, errno == EACCES ? EXIT_REFUSED : EXIT_FAILED,
			 "%s: %s of %s cannot be read: %s", walk->tree->file, name,
			 tree_path(walk->tree, node), strerror(errno));
}

static bool read_value(struct walk *walk, int folder, const char *name, struct tree_node *node)
{
	static char value[MAX_VALUE];
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t len, got;

	if (file < 0)
		return cannot_read(walk, node, name);
	for (len = 0; len < MAX_VALUE; len += got) {
		got = read(file, value + len, MAX_VALUE - len);
		if (got <= 0)
			break;
	}
	if (len < MAX_VALUE && got < 0) {
		cannot_read(walk, node, name);
		close(file);
		return false;
	}
	close(file);
	tree_add_prop(walk->tree, node, name, value, len);
	return true;
}

static bool read_folder(struct walk *walk, int folder, struct tree_node *node);

static bool read_entry(struct walk *walk, int folder, const char *name, struct tree_node *node)
{
	struct stat what;
	int child;

	if (++walk->entries > MAX_ENTRIES)
		return tree_fail(walk->error, EXIT_USAGE, "%s: it has more than %d entries",
				 walk->tree->file, MAX_ENTRIES);
	/* A link could lead back up. */
	if (fstatat(folder, name, &what, AT_SYMLINK_NOFOLLOW))
		return cannot_read(walk, node, name);
	if (S_ISREG(what.st_mode))
		return read_value(walk, folder, name, node);
	if (!S_ISDIR(what.st_mode))
		return true;
	if (node->depth + 1 >= TREE_MAX_DEPTH)
		return tree_fail(walk->error, EXIT_USAGE, "%s: its nodes are more than %d deep",
				 walk->tree->file, TREE_MAX_DEPTH);
	child = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (child < 0)
		return cannot_read(walk, node, name);
	return read_folder(walk, child, tree_add_node(walk->tree, node, name));
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

/* Closes @folder. The kernel shows no order; so that it is always the same, this sorts. */
static bool read_folder(struct walk *walk, int folder, struct tree_node *node)
{
	struct dirent **entries;
	bool good = true;
	int i, count;

	count = scandirat(folder, ".", &entries, is_entry, alphasort);
	if (count < 0) {
		good = cannot_read(walk, node, "the folder");
		close(folder);
		return good;
	}
	for (i = 0; i < count; i++) {
		good = good && read_entry(walk, folder, entries[i]->d_name, node);
		free(entries[i]);
	}
	free(entries);
	close(folder);
	return good;
}

bool tree_read_folder(struct tree *tree, const char *folder, struct tree_error *error)
{
	struct walk walk = { .tree = tree, .error = error };
	struct tree_node *root = tree_add_node(tree, NULL, "");
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (file < 0)
		return cannot_read(&walk, root, "the folder");
	if (!read_folder(&walk, file, root))
		return false;
	if (!tree_has(root, "compatible") && !tree_has(root, "#address-cells") && !root->child)
		return tree_fail(error, EXIT_USAGE, "%s: there is no device tree in this folder",
				 folder);
	return true;
}
