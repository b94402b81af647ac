// SPDX-License-Identifier: GPL-2.0
/*
 * unbind REGION CYCLES [SEED]: the region's device is unbound and bound again while
 * four threads use the region in every way. What may come of a call is known at each
 * moment: success while the region is there, -ENODEV or SIGBUS for ever after it has
 * gone, either in between. Each thread counts what it met, and must have met it all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "stress.h"

#define NODES		"/tmp/nodes"
#define NODE		NODES "/node"
#define OLD_FILES	8
#define LARGEST_MAP	(4UL << 20)
#define BUFFER_SIZE	65536

/*
 * The phase of the device: it grows by four in a cycle. Read before and after a call,
 * it tells whether the call had to succeed, had to fail, or raced.
 */
enum { BOUND, UNBINDING, UNBOUND, BINDING, PHASES };
static atomic_ulong phase;
static atomic_bool stop;

enum outcome {
	OPENED, NOT_THERE, BUSY, ALONE, NOT_ALONE, DID_READ, DID_WRITE, INFO, SYNC, MAPPED,
	TOUCHED, GONE, BUS_ERROR, STILL_GONE, STILL_BUS_ERROR, OUTCOMES
};

static const char * const outcome_names[] = {
	[OPENED] = "opened",
	[NOT_THERE] = "not there to open",
	[BUSY] = "busy at open",
	[ALONE] = "opened alone",
	[NOT_ALONE] = "refused to be alone",
	[DID_READ] = "read",
	[DID_WRITE] = "written",
	[INFO] = "info",
	[SYNC] = "synced",
	[MAPPED] = "mapped",
	[TOUCHED] = "touched",
	[GONE] = "gone",
	[BUS_ERROR] = "SIGBUS",
	[STILL_GONE] = "old file still gone",
	[STILL_BUS_ERROR] = "old mapping still SIGBUS",
};

/**
 * struct user - one of the four threads
 * @name: what it does
 * @run: one round of it
 * @must: the outcomes that it must have met, as bits
 * @count: how often it met each
 * @seed: of its random numbers
 * @thread: it
 * @old: files of regions that have gone, or 0; no file is standard input
 * @oldest: the next of them to be closed
 */
struct user {
	const char *name;
	void (*run)(struct user *user);
	unsigned int must;
	atomic_ulong count[OUTCOMES];
	uint64_t seed;
	pthread_t thread;
	int old[OLD_FILES];
	unsigned int oldest;
};

/**
 * struct opened - an open file
 * @fd: it
 * @born: the phase in which it was opened, if that is known
 * @known: it was one phase throughout, and the device was bound
 */
struct opened {
	int fd;
	unsigned long born;
	bool known;
};

static struct stress_region region;

static void met(struct user *user, enum outcome outcome)
{
	user->count[outcome]++;
}

static bool was_open_throughout(const struct opened *file, unsigned long before)
{
	return file->known && before == file->born && atomic_load(&phase) == before;
}

static bool must_be_gone(const struct opened *file, unsigned long before)
{
	return file->known && before >= file->born + UNBOUND;
}

/* Judges what a call on a file returned. Returns: true if it succeeded. */
static bool judge(struct user *user, const struct opened *file, unsigned long before,
		  const char *what, long ret, enum outcome success)
{
	if (ret >= 0) {
		if (must_be_gone(file, before))
			fail("%s: %s of a region that has gone succeeds", user->name, what);
		met(user, success);
		return true;
	}
	if (ret != -ENODEV)
		fail("%s: %s: %s", user->name, what, strerror(-ret));
	if (was_open_throughout(file, before))
		fail("%s: %s: gone, though nobody unbound it", user->name, what);
	met(user, GONE);
	return false;
}

static bool open_region(struct user *user, const char *path, int flags, struct opened *file)
{
	unsigned long before = atomic_load(&phase), after;
	bool alone = flags & O_EXCL, node = path != region.path;

	file->fd = open(path, flags | O_CLOEXEC);
	after = atomic_load(&phase);
	file->born = before;
	file->known = before == after && before % PHASES == BOUND;
	if (file->fd >= 0) {
		if (before == after && before % PHASES == UNBOUND)
			fail("%s: opens what is unbound", user->name);
		met(user, alone ? ALONE : OPENED);
		return true;
	}
	switch (errno) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		/* A node of one's own may have the numbers of yesterday. */
		if (file->known && !node)
			fail("%s: open: %s, though it is bound", user->name, strerror(errno));
		met(user, NOT_THERE);
		return false;
	case EBUSY:
		met(user, alone ? NOT_ALONE : BUSY);
		return false;
	default:
		fail("%s: open: %s", user->name, strerror(errno));
	}
}

/* Keeps a file that has lost its region, and closes the one that it has had longest. */
static void keep_old(struct user *user, int fd)
{
	int *slot = &user->old[user->oldest++ % OLD_FILES];

	if (*slot)
		close(*slot);
	*slot = fd;
}

/* Catches: a file that comes to life again with the next region, or with another. */
static void try_old(struct user *user)
{
	int fd = user->old[draw_below(&user->seed, OLD_FILES)];
	struct extmem_info info;
	char byte;

	if (!fd)
		return;
	if (pread(fd, &byte, 1, 0) != -1 || errno != ENODEV)
		fail("%s: an old file can be read, or says %s", user->name, strerror(errno));
	if (info_of_region(fd, &info) != -ENODEV)
		fail("%s: an old file still has facts", user->name);
	if (mmap(NULL, page_size, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED || errno != ENODEV)
		fail("%s: an old file can be mapped, or says %s", user->name, strerror(errno));
	if (lseek(fd, 0, SEEK_END) != (off_t)region.size)
		fail("%s: an old file has another end", user->name);
	met(user, STILL_GONE);
}

static void close_old(struct user *user)
{
	unsigned int i;

	for (i = 0; i < OLD_FILES; i++)
		if (user->old[i])
			close(user->old[i]);
}

/* A range that is aligned for any width. */
static void draw_range(struct user *user, uint64_t *offset, size_t *length)
{
	*length = 8 << draw_below(&user->seed, 13);
	if (*length > BUFFER_SIZE)
		*length = BUFFER_SIZE;
	if (*length > region.size)
		*length = region.size;
	*offset = draw_below(&user->seed, region.size - *length + 1) & ~7ULL;
}

/* Catches: a read or write that goes on in memory that is no longer ours. */
static void use_file(struct user *user)
{
	static char buffer[BUFFER_SIZE];
	struct opened file;
	int rounds;

	try_old(user);
	if (!open_region(user, region.path, O_RDWR, &file))
		return;
	for (rounds = 1 + draw_below(&user->seed, 16); rounds; rounds--) {
		unsigned long before = atomic_load(&phase);
		bool reads = draw_below(&user->seed, 2);
		uint64_t offset;
		size_t length;
		ssize_t ret;

		draw_range(user, &offset, &length);
		ret = reads ? pread(file.fd, buffer, length, offset) :
			      pwrite(file.fd, buffer, length, offset);
		if (ret >= 0 && ret != (ssize_t)length && !must_be_gone(&file, before) &&
		    was_open_throughout(&file, before))
			fail("%s: %zd instead of %zu", user->name, ret, length);
		if (!judge(user, &file, before, reads ? "read" : "write", ret < 0 ? -errno : ret,
			   reads ? DID_READ : DID_WRITE)) {
			keep_old(user, file.fd);
			return;
		}
		/* Long enough to see the region go, at times. */
		if (!draw_below(&user->seed, 8))
			doze(draw_below(&user->seed, 1000));
	}
	close(file.fd);
}

/* Returns: true if the memory was there. */
static bool touch(struct user *user, char *address, bool writes)
{
	if (!FAULTS()) {
		if (writes)
			poke8(address, 0x5a);
		else
			peek8(address);
		fault_end();
		return true;
	}
	if (fault_signal != SIGBUS || fault_address != (uintptr_t)address)
		fail("%s: signal %d at %#lx instead of SIGBUS at %p", user->name, fault_signal,
		     (unsigned long)fault_address, address);
	return false;
}

static bool judge_touch(struct user *user, const struct opened *file, unsigned long before,
			bool there)
{
	if (there) {
		if (must_be_gone(file, before))
			fail("%s: touches a region that has gone", user->name);
		met(user, TOUCHED);
		return true;
	}
	if (was_open_throughout(file, before))
		fail("%s: SIGBUS, though nobody unbound it", user->name);
	met(user, BUS_ERROR);
	return false;
}

static char *map_region(struct user *user, const struct opened *file, size_t *length)
{
	unsigned long before = atomic_load(&phase);
	uint64_t offset = 0;
	char *map;

	*length = region.size;
	if (*length > LARGEST_MAP) {
		*length = LARGEST_MAP;
		offset = draw_below(&user->seed, region.size - LARGEST_MAP + 1) &
			 -(uint64_t)page_size;
	}
	map = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, offset);
	if (!judge(user, file, before, "mmap", map == MAP_FAILED ? -errno : 0, MAPPED))
		return NULL;
	return map;
}

/* Catches: a page that is left, or comes again, after the region has gone. */
static void use_mapping(struct user *user)
{
	unsigned long gone_from = 0;
	struct opened file;
	size_t length;
	int rounds;
	char *map;

	if (!open_region(user, region.path, O_RDWR, &file))
		return;
	map = map_region(user, &file, &length);
	if (!map) {
		close(file.fd);
		return;
	}
	/* The mapping alone holds the region. */
	if (draw_below(&user->seed, 2)) {
		close(file.fd);
		file.fd = -1;
	}
	for (rounds = 1 + draw_below(&user->seed, 64); rounds; rounds--) {
		unsigned long before = atomic_load(&phase);
		char *address = map + draw_below(&user->seed, length);
		bool there = touch(user, address, draw_below(&user->seed, 2));

		if (!gone_from) {
			/* Until the unbind under way has ended, some pages are still there. */
			if (!judge_touch(user, &file, before, there)) {
				gone_from = atomic_load(&phase);
				gone_from += gone_from % PHASES == UNBINDING;
			}
		} else if (!there) {
			met(user, STILL_BUS_ERROR);
		} else if (before >= gone_from) {
			fail("%s: a mapping lives again", user->name);
		}
		/* Live on to see the next region come. */
		if (!draw_below(&user->seed, gone_from ? 4 : 16))
			doze(draw_below(&user->seed, 200));
	}
	munmap(map, length);
	if (file.fd >= 0)
		close(file.fd);
}

/* A node with the region's numbers, in a folder that is not devtmpfs's. */
static bool make_node(struct user *user)
{
	char path[256], text[32];
	unsigned int major, minor;

	snprintf(path, sizeof(path), "/sys/class/extmem/%s/dev", region.name);
	if (read_text(path, text, sizeof(text)) <= 0) {
		met(user, NOT_THERE);
		return false;
	}
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		fail("%s: %s says %s", user->name, path, text);
	unlink(NODE);
	if (mknod(NODE, S_IFCHR | 0600, makedev(major, minor)))
		fail("%s: mknod: %s", user->name, strerror(errno));
	return true;
}

/* Catches: a fault that comes too late, and a user that unbind overlooks. */
static void fault_freshly(struct user *user)
{
	bool mine = draw_below(&user->seed, 2);
	unsigned long before;
	struct opened file;
	size_t length;
	char *map;

	if (mine && access(NODE, F_OK) && !make_node(user))
		return;
	if (!open_region(user, mine ? NODE : region.path, O_RDWR, &file)) {
		if (mine)
			unlink(NODE);
		return;
	}
	if (!draw_below(&user->seed, 4))
		doze(draw_below(&user->seed, 100));
	map = map_region(user, &file, &length);
	if (map) {
		if (!draw_below(&user->seed, 4))
			doze(draw_below(&user->seed, 100));
		before = atomic_load(&phase);
		judge_touch(user, &file, before,
			    touch(user, map + draw_below(&user->seed, length),
				  draw_below(&user->seed, 2)));
		munmap(map, length);
	}
	close(file.fd);
}

static void judge_info(struct user *user, const struct opened *file)
{
	unsigned long before = atomic_load(&phase);
	struct extmem_info info;
	int ret = info_of_region(file->fd, &info);

	judge(user, file, before, "info", ret, INFO);
	if (!ret && (info.bytes != region.size || strcmp(info.name, region.name)))
		fail("%s: the facts of %s are those of another", user->name, info.name);
}

/* Catches: who is alone and does not stay it, or stays it when he has gone. */
static void control(struct user *user)
{
	bool alone = draw_below(&user->seed, 2);
	struct opened file;
	int rounds;

	try_old(user);
	if (!open_region(user, region.path, O_RDWR | (alone ? O_EXCL : 0), &file))
		return;
	for (rounds = 1 + draw_below(&user->seed, 16); rounds; rounds--) {
		unsigned long before = atomic_load(&phase);
		unsigned int flags = draw(&user->seed) & EXTMEM_SYNC_END;
		unsigned long gone = user->count[GONE];
		uint64_t offset;
		size_t length;
		int ret;

		draw_range(user, &offset, &length);
		ret = sync_region(file.fd, flags | EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE,
				  offset, length);
		/* Some memory has no way, and says so. */
		judge(user, &file, before, "sync", ret == -EOPNOTSUPP ? 0 : ret, SYNC);
		judge_info(user, &file);
		if (user->count[GONE] != gone) {
			keep_old(user, file.fd);
			return;
		}
		if (!draw_below(&user->seed, 4))
			doze(draw_below(&user->seed, 100));
	}
	close(file.fd);
}

#define EACH	(BIT(OPENED) | BIT(NOT_THERE))

static struct user users[] = {
	{
		.name = "file",
		.run = use_file,
		.must = EACH | BIT(DID_READ) | BIT(DID_WRITE) | BIT(GONE) | BIT(STILL_GONE),
	},
	{
		.name = "mapping",
		.run = use_mapping,
		.must = EACH | BIT(MAPPED) | BIT(TOUCHED) | BIT(BUS_ERROR) | BIT(STILL_BUS_ERROR),
	},
	{
		.name = "fault",
		.run = fault_freshly,
		.must = EACH | BIT(MAPPED) | BIT(TOUCHED) | BIT(GONE) | BIT(BUS_ERROR),
	},
	{
		.name = "control",
		.run = control,
		.must = EACH | BIT(INFO) | BIT(SYNC) | BIT(GONE) | BIT(STILL_GONE) | BIT(ALONE) |
			BIT(NOT_ALONE),
	},
};

static void *run_user(void *data)
{
	struct user *user = data;

	while (!atomic_load(&stop)) {
		user->run(user);
		/* At times nobody has it open, so that somebody can be alone. */
		doze(draw_below(&user->seed, 400));
	}
	close_old(user);
	return NULL;
}

static void show(const struct user *user)
{
	const char *comma = "";
	int i;

	printf("%s: ", user->name);
	for (i = 0; i < OUTCOMES; i++) {
		if (!user->count[i])
			continue;
		printf("%s%s %lu", comma, outcome_names[i], user->count[i]);
		comma = ", ";
	}
	printf("\n");
}

/* What the test is about and has not come, as bits. */
static unsigned int missed(const struct user *user)
{
	unsigned int bits = 0;
	int i;

	for (i = 0; i < OUTCOMES; i++)
		if (!user->count[i])
			bits |= BIT(i);
	return bits & user->must;
}

static bool missed_any(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(users); i++)
		if (missed(&users[i]))
			return true;
	return false;
}

static void show_missed(const struct user *user)
{
	int i;

	for (i = 0; i < OUTCOMES; i++)
		if (missed(user) & BIT(i))
			printf("%s: never: %s\n", user->name, outcome_names[i]);
}

static double longest_unbind, longest_bind;

static void change(const char *file, double *longest)
{
	double start = now();
	int ret;

	atomic_fetch_add(&phase, 1);
	ret = driver_write(file, region.device);
	if (ret)
		fail("%s: %s", file, strerror(-ret));
	atomic_fetch_add(&phase, 1);
	if (now() - start > *longest)
		*longest = now() - start;
}

/* Catches: a region that came back, and cannot be used. Somebody may have it alone. */
static void use_anew(void)
{
	int fd, tries = 0;
	char bytes[8];

	while ((fd = open(region.path, O_RDWR | O_CLOEXEC)) < 0) {
		if (errno != EBUSY || tries++ > 10000)
			fail("a new open fails: %s", strerror(errno));
		doze(100);
	}
	if (pread(fd, bytes, sizeof(bytes), 0) != sizeof(bytes))
		fail("a new file cannot be read: %s", strerror(errno));
	close(fd);
}

static void go_and_come(uint64_t *seed, unsigned long i)
{
	step("unbind in round %lu", i);
	change("unbind", &longest_unbind);
	doze(draw_below(seed, 500));
	step("bind in round %lu", i);
	change("bind", &longest_bind);
	step("a new open in round %lu", i);
	use_anew();
	doze(draw_below(seed, 1500));
}

int main(int argc, char **argv)
{
	unsigned long i, cycles, done;
	uint64_t seed;
	double start;

	if (argc < 3)
		fail("usage: unbind REGION CYCLES [SEED]");
	watch();
	catch_faults();
	find_region(argv[1], &region);
	cycles = strtoul(argv[2], NULL, 0);
	seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	mkdir(NODES, 0700);
	unlink(NODE);
	start = now();
	for (i = 0; i < ARRAY_SIZE(users); i++) {
		users[i].seed = seed * 1000 + i + 1;
		if (pthread_create(&users[i].thread, NULL, run_user, &users[i]))
			fail("no thread");
	}
	/* Until chance has brought all that must come, but not for ever. */
	for (done = 0; done < cycles || (missed_any() && done < 10 * cycles); done++)
		go_and_come(&seed, done);
	atomic_store(&stop, true);
	for (i = 0; i < ARRAY_SIZE(users); i++) {
		step("the end of the thread %s", users[i].name);
		pthread_join(users[i].thread, NULL);
	}
	printf("%s: %lu cycles in %.1f s; the longest unbind took %.1f ms, the longest bind %.1f\n",
	       region.name, done, now() - start, longest_unbind * 1e3, longest_bind * 1e3);
	for (i = 0; i < ARRAY_SIZE(users); i++) {
		show(&users[i]);
		show_missed(&users[i]);
	}
	fflush(stdout);
	_exit(missed_any());
}
