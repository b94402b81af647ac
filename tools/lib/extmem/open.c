// SPDX-License-Identifier: GPL-2.0
/*
 * A region that is open, read and written.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

/* A name for people; in a static program there may be none. */
static void owner_text(const struct stat *status, char *text, size_t size)
{
	const struct passwd *user = getpwuid(status->st_uid);
	const struct group *group = getgrgid(status->st_gid);
	char uid[16], gid[16];

	snprintf(uid, sizeof(uid), "%u", (unsigned int)status->st_uid);
	snprintf(gid, sizeof(gid), "%u", (unsigned int)status->st_gid);
	snprintf(text, size, "%s:%s", user ? user->pw_name : uid, group ? group->gr_name : gid);
}

static int fail_permission(struct extmem_context *context, const char *name,
			   const char *path, int error)
{
	struct stat status;
	char owner[128];

	if (stat(path, &status))
		return extmem_fail(context, error, "%s: %s", path, strerror(error));
	owner_text(&status, owner, sizeof(owner));
	return extmem_fail(context, error,
			   "%s: not allowed: it has mode %04o and is %s's; be root, or give it to a group of yours by a udev rule: SUBSYSTEM==\"extmem\", KERNEL==\"%s\", GROUP=\"dialout\", MODE=\"0660\"",
			   path, (unsigned int)status.st_mode & 07777, owner, name);
}

static int fail_open(struct extmem_context *context, const char *name, const char *path,
		     int error)
{
	switch (error) {
	case ENOENT:
		if (extmem_scan(context) < 0)
			return -ENOENT;
		if (!extmem_find(context, name))
			return extmem_fail_absent(context, name);
		return extmem_fail(context, error,
				   "%s is not there, though the region is: mount devtmpfs on the folder, or have mdev -s make it",
				   path);
	case EACCES:
	case EPERM:
		return fail_permission(context, name, path, error);
	case EBUSY:
		return extmem_fail(context, error,
				   "%s: busy: somebody has it open, or a part of it, and one of you wants to be alone (O_EXCL); fuser %s says who",
				   path, path);
	case ENODEV:
	case ENXIO:
		return extmem_fail(context, error,
				   "%s: its region is being removed; see extmem list", path);
	default:
		return extmem_fail(context, error, "%s: %s", path, strerror(error));
	}
}

/* A name is no path: "../null" is no region, and "" is none. */
static int open_name(struct extmem_context *context, const char *name, int flags, int *fd)
{
	bool bad = !*name || *name == '.' || strchr(name, '/');
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/extmem/%s", context->dev, bad ? "." : name);
	*fd = bad ? -1 : open(path, flags | O_CLOEXEC);
	return *fd < 0 ? fail_open(context, name, path, bad ? ENOENT : errno) : 0;
}

int extmem_open(struct extmem_context *context, const char *name, int flags,
		struct extmem_file **file)
{
	struct extmem_file *new;
	off_t size;
	int ret;

	*file = NULL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return extmem_fail(context, ENOMEM, "no memory to open %s", name);
	new->context = context;
	new->fd = -1;
	new->name = strdup(name);
	ret = new->name ? open_name(context, name, flags & ~O_CREAT, &new->fd) :
			  extmem_fail(context, ENOMEM, "no memory to open %s", name);
	if (!ret) {
		size = lseek(new->fd, 0, SEEK_END);
		if (size < 0 || lseek(new->fd, 0, SEEK_SET))
			ret = extmem_fail(context, errno, "%s: no size: %s", name,
					  strerror(errno));
		new->size = size;
	}
	if (ret) {
		extmem_close(new);
		return ret;
	}
	*file = new;
	return 0;
}

void extmem_close(struct extmem_file *file)
{
	if (!file)
		return;
	if (file->fd >= 0)
		close(file->fd);
	free(file->name);
	free(file);
}

int extmem_fd(const struct extmem_file *file)
{
	return file->fd;
}

const char *extmem_file_name(const struct extmem_file *file)
{
	return file->name;
}

uint64_t extmem_file_size(const struct extmem_file *file)
{
	return file->size;
}

static int fail_access(struct extmem_file *file, int error, const char *what,
		       uint64_t offset, size_t length)
{
	struct extmem_info info;

	if (error == EINVAL && !extmem_info(file, &info) && info.io_width)
		return extmem_fail(file->context, error,
				   "%s takes accesses of %u bytes alone (reg-io-width): %#llx and %#zx must be multiples of that",
				   file->name, info.io_width, (unsigned long long)offset, length);
	switch (error) {
	case EINTR:
		return extmem_fail(file->context, error, "%s: the %s at %#llx was interrupted",
				   file->name, what, (unsigned long long)offset);
	case ENODEV:
		return extmem_fail(file->context, error,
				   "%s has gone: its driver was unbound or its overlay removed; open it again when it is back",
				   file->name);
	case ENXIO:
		return extmem_fail(file->context, error,
				   "%s is a pool and has no bytes of its own: take a buffer from it (extmem alloc)",
				   file->name);
	case EPERM:
		return extmem_fail(file->context, error,
				   "%s is read-only: its type is rom, or its node has read-only",
				   file->name);
	case EBADF:
		return extmem_fail(file->context, error, "%s is not open for a %s", file->name,
				   what);
	case ENOSPC:
		return extmem_fail(file->context, error, "%s ends at %#llx: no %s at %#llx",
				   file->name, (unsigned long long)file->size, what,
				   (unsigned long long)offset);
	default:
		return extmem_fail(file->context, error, "%s: %s of %#zx bytes at %#llx: %s",
				   file->name, what, length, (unsigned long long)offset,
				   strerror(error));
	}
}

ssize_t extmem_read(struct extmem_file *file, void *buffer, size_t length, uint64_t offset)
{
	ssize_t got = pread(file->fd, buffer, length, offset);

	return got < 0 ? fail_access(file, errno, "read", offset, length) : got;
}

ssize_t extmem_write(struct extmem_file *file, const void *buffer, size_t length,
		     uint64_t offset)
{
	ssize_t put = pwrite(file->fd, buffer, length, offset);

	return put < 0 ? fail_access(file, errno, "write", offset, length) : put;
}
