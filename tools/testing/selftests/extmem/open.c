// SPDX-License-Identifier: GPL-2.0
/*
 * Opening a region of /dev/extmem, a partition or both: in which modes, how often, and
 * with whom. See regions.h for what is needed.
 */
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "regions.h"

FIXTURE(any) {
	struct region region;
};

FIXTURE_SETUP(any)
{
	if (!region_find(&self->region, "ram", NULL, 64 * KiB, region_is_usable))
		SKIP(return, "no ram region");
}

FIXTURE_TEARDOWN(any)
{
}

static int open_count(const struct region *region)
{
	char text[32];

	return region_fact(region->name, "open_count", text, sizeof(text)) ? atoi(text) : -1;
}

/* Catches: a file that is counted twice, never, or after its end. */
TEST_F(any, open_and_release)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_NONBLOCK,
				     O_RDWR | O_APPEND, O_RDWR | O_DIRECT, O_RDWR | O_TRUNC,
				     O_RDWR | O_CREAT };
	int before = open_count(&self->region), fd, copy;
	size_t i;

	ASSERT_LE(0, before);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fd = region_open(self->region.name, flags[i]);
		ASSERT_LE(0, fd) {
			TH_LOG("flags 0x%x: %s", flags[i], strerror(errno));
		}
		copy = dup(fd);
		EXPECT_EQ(before + 1, open_count(&self->region));
		close(fd);
		EXPECT_EQ(before + 1, open_count(&self->region));
		close(copy);
		EXPECT_EQ(before, open_count(&self->region));
	}
	EXPECT_EQ(ENOTDIR, errno_of(region_open(self->region.name, O_RDONLY | O_DIRECTORY)));
}

/* Catches: a file that does more than it was opened for. */
TEST_F(any, modes)
{
	char byte = 1;
	int fd;

	fd = region_open(self->region.name, O_RDONLY);
	EXPECT_EQ(EBADF, errno_of(write(fd, &byte, 1)));
	EXPECT_EQ(1, read(fd, &byte, 1));
	close(fd);
	fd = region_open(self->region.name, O_WRONLY);
	EXPECT_EQ(EBADF, errno_of(read(fd, &byte, 1)));
	EXPECT_EQ(1, write(fd, &byte, 1));
	close(fd);
}

/* Catches: an alignment that only files on disks need. */
TEST_F(any, o_direct)
{
	unsigned char buf[128], out[64];
	int fd = region_open(self->region.name, O_RDWR | O_DIRECT);

	ASSERT_LE(0, fd);
	fill(out, sizeof(out), 9);
	ASSERT_EQ(61, pwrite(fd, out, 61, 3));
	ASSERT_EQ(61, pread(fd, buf + 1, 61, 3));
	EXPECT_EQ(61, differs(buf + 1, 61, 9));
	close(fd);
}

/* Catches: a program that waits for ever. */
TEST_F(any, poll)
{
	struct pollfd pollfd = { .events = POLLIN | POLLOUT };

	pollfd.fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, pollfd.fd);
	EXPECT_EQ(1, poll(&pollfd, 1, 10000));
	EXPECT_EQ(POLLIN | POLLOUT, pollfd.revents);
	close(pollfd.fd);
}

/* The exit status of a child that runs the function. */
static int in_child(int (*function)(const char *name), const char *name)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(function(name));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int try_flock(const char *name)
{
	int fd = region_open(name, O_RDWR);

	return errno_of(flock(fd, LOCK_EX | LOCK_NB));
}

/* Catches: a lock that another process does not see, or that outlives its file. */
TEST_F(any, flock)
{
	int fd = region_open(self->region.name, O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, in_child(try_flock, self->region.name));
	ASSERT_EQ(0, flock(fd, LOCK_SH));
	EXPECT_EQ(EWOULDBLOCK, in_child(try_flock, self->region.name));
	close(fd);
	EXPECT_EQ(0, in_child(try_flock, self->region.name));
}

static int set_ofd_lock(int fd, off_t start, off_t len)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = len,
	};

	return errno_of(fcntl(fd, F_OFD_SETLK, &lock));
}

static int try_ofd_inside(const char *name)
{
	return set_ofd_lock(region_open(name, O_RDWR), 109, 1);
}

static int try_ofd_beside(const char *name)
{
	return set_ofd_lock(region_open(name, O_RDWR), 110, 1);
}

TEST_F(any, ofd_locks)
{
	int fd = region_open(self->region.name, O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, set_ofd_lock(fd, 100, 10));
	EXPECT_EQ(EAGAIN, in_child(try_ofd_inside, self->region.name));
	EXPECT_EQ(0, in_child(try_ofd_beside, self->region.name));
	close(fd);
	EXPECT_EQ(0, in_child(try_ofd_inside, self->region.name));
}

static int try_open(const char *name)
{
	return errno_of(region_open(name, O_RDONLY));
}

static int try_exclusive(const char *name)
{
	return errno_of(region_open(name, O_RDWR | O_EXCL));
}

/* Catches: two users where one asked to be alone, and one who is alone for ever. */
TEST_F(any, o_excl)
{
	const char *name = self->region.name;
	int fd = region_open(name, O_RDWR | O_EXCL), other;

	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_open, name));
	EXPECT_EQ(EBUSY, in_child(try_exclusive, name));
	EXPECT_EQ(EBUSY, try_open(name));
	close(fd);
	EXPECT_EQ(0, in_child(try_exclusive, name));

	fd = region_open(name, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_exclusive, name));
	other = region_open(name, O_RDONLY);
	EXPECT_LE(0, other);
	close(fd);
	EXPECT_EQ(EBUSY, in_child(try_exclusive, name));
	close(other);
	EXPECT_EQ(0, in_child(try_exclusive, name));
}

/* What the kernel logs from now on; -1 if it does not log what is for debugging. */
static int open_log(void)
{
	static const char wish[] = "file chardev.c +p";
	int control = open("/proc/dynamic_debug/control", O_WRONLY);
	int log = -1;

	if (control < 0)
		return -1;
	if (write(control, wish, strlen(wish)) > 0)
		log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	close(control);
	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

static bool log_has(int log, const char *text)
{
	char line[1024];
	ssize_t len;

	while ((len = read(log, line, sizeof(line) - 1)) > 0) {
		line[len] = '\0';
		if (strstr(line, text))
			return true;
	}
	return false;
}

static void expect_said(struct __test_metadata *_metadata, int log, const char *name,
			const char *how, const char *how_it_is_open)
{
	char said[512];

	snprintf(said, sizeof(said), "extmem %s: busy: %s, open (%d) has %s open%s\n", name, how,
		 getpid(), name, how_it_is_open);
	EXPECT_TRUE(log_has(log, said)) {
		TH_LOG("not said: %s", said);
	}
}

/* Catches: a region that is busy, and nobody can tell because of whom. */
TEST_F(any, o_excl_says_who)
{
	const char *name = self->region.name;
	int log = open_log(), fd;

	if (log < 0)
		SKIP(return, "no /proc/dynamic_debug/control: CONFIG_DYNAMIC_DEBUG");
	fd = region_open(name, O_RDWR | O_EXCL);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_open, name));
	expect_said(_metadata, log, name, "to be opened", " with O_EXCL");
	close(fd);

	fd = region_open(name, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_exclusive, name));
	expect_said(_metadata, log, name, "to be opened with O_EXCL", "");
	close(fd);
	close(log);
}

struct family {
	char root[EXTMEM_NAME_SIZE];
	char first[EXTMEM_NAME_SIZE];
	char second[EXTMEM_NAME_SIZE];
};

static bool find_family(const struct region *region, void *data)
{
	struct family *family = data;
	size_t len = strcspn(region->name, ".");

	if (!region->partition)
		return false;
	if (!family->first[0] || strncmp(family->first, region->name, len + 1)) {
		memcpy(family->first, region->name, sizeof(family->first));
		snprintf(family->root, sizeof(family->root), "%.*s", (int)len, region->name);
		return false;
	}
	memcpy(family->second, region->name, sizeof(family->second));
	return region->writable;
}

/* Catches: a region that is one's alone while its partition is another's. */
TEST(o_excl_of_partitions)
{
	struct family family = {};
	int fd, other;

	if (!region_each(find_family, &family))
		SKIP(return, "no region with two partitions");
	fd = region_open(family.root, O_RDONLY | O_EXCL);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_open, family.first));
	close(fd);

	fd = region_open(family.first, O_RDONLY | O_EXCL);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EBUSY, in_child(try_open, family.root));
	EXPECT_EQ(EBUSY, in_child(try_open, family.first));
	EXPECT_EQ(0, in_child(try_open, family.second));
	other = region_open(family.second, O_RDONLY | O_EXCL);
	EXPECT_LE(0, other);
	close(other);
	close(fd);

	fd = region_open(family.first, O_RDONLY);
	EXPECT_EQ(EBUSY, errno_of(region_open(family.root, O_RDONLY | O_EXCL)));
	EXPECT_EQ(0, in_child(try_open, family.root));
	close(fd);
}

/* Catches: a partition that begins where its region does, or ends elsewhere. */
TEST(partition_is_a_window)
{
	struct family family = {};
	struct region root, part;
	unsigned char out[64], *all;
	int fd, whole, found = 0;
	size_t i, at = 0;

	if (!region_each(find_family, &family))
		SKIP(return, "no region with two partitions");
	ASSERT_TRUE(region_read(&root, family.root));
	ASSERT_TRUE(region_read(&part, family.second));
	if (!part.writable)
		SKIP(return, "%s is read-only", part.name);
	whole = region_open(family.root, O_RDWR);
	fd = region_open(family.second, O_RDWR);
	ASSERT_LE(0, fd);
	all = malloc(root.size);
	ASSERT_TRUE(!!all);
	memset(all, 0, root.size);
	ASSERT_EQ(root.size, pwrite(whole, all, root.size, 0));

	fill(out, sizeof(out), 77);
	ASSERT_EQ(64, pwrite(fd, out, 64, part.size - 64));
	EXPECT_EQ(ENOSPC, errno_of(pwrite(fd, out, 64, part.size)));
	ASSERT_EQ(root.size, pread(whole, all, root.size, 0));
	for (i = 0; i + 64 <= root.size; i++) {
		if (memcmp(all + i, out, 64))
			continue;
		at = i;
		found++;
	}
	EXPECT_EQ(1, found);
	EXPECT_NE(part.size - 64, at);
	if (root.has_address)
		EXPECT_EQ(part.phys - root.phys + part.size - 64, at);
	close(fd);
	close(whole);
	free(all);
}

TEST_HARNESS_MAIN
