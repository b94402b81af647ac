// SPDX-License-Identifier: GPL-2.0
/*
 * What the programs that try to hurt the kernel share: see the header.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define DRIVER "/sys/bus/platform/drivers/extmem-region"

/* What the watched tells the watcher. */
struct watched {
	atomic_ulong steps;
	char step[STEP_NAME_SIZE];
};

static struct watched *watched;
char *step_name;
long page_size;

__thread sigjmp_buf fault_jump;
__thread atomic_bool fault_expected;
__thread atomic_uintptr_t fault_address;
__thread atomic_int fault_signal;

noreturn void fail_now(void)
{
	printf("\n");
	if (watched)
		printf("that was in: %s\n", watched->step);
	fflush(stdout);
	_exit(1);
}

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

void doze(unsigned int microseconds)
{
	struct timespec time = { .tv_nsec = microseconds * 1000L };

	nanosleep(&time, NULL);
}

void step_begin(void)
{
	watched->steps++;
}

/* Where each thread of the process is in the kernel. */
static void show_stacks(pid_t pid)
{
	char path[PATH_MAX], text[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/stack", pid, entry->d_name);
		if (read_text(path, text, sizeof(text)) > 0)
			printf("thread %s:\n%s", entry->d_name, text);
	}
	if (dir)
		closedir(dir);
}

/* Not all that hangs can be killed: do not wait long for its end. */
static noreturn void give_up(pid_t pid)
{
	int i;

	printf("hangs for %d seconds in: %s\n", STEP_LIMIT, watched->step);
	show_stacks(pid);
	kill(pid, SIGKILL);
	for (i = 0; i < 50 && !waitpid(pid, NULL, WNOHANG); i++)
		doze(100000);
	if (i == 50)
		printf("and cannot be killed\n");
	fflush(stdout);
	_exit(1);
}

static noreturn void watch_child(pid_t pid)
{
	unsigned long steps = watched->steps;
	double since = now();
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		doze(20000);
		if (steps != watched->steps) {
			steps = watched->steps;
			since = now();
		} else if (now() - since > STEP_LIMIT) {
			give_up(pid);
		}
	}
	if (WIFSIGNALED(status))
		printf("killed by signal %d in: %s\n", WTERMSIG(status), watched->step);
	fflush(stdout);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void watch(void)
{
	pid_t pid;

	page_size = sysconf(_SC_PAGESIZE);
	watched = mmap(NULL, sizeof(*watched), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (watched == MAP_FAILED)
		fail("no memory");
	step_name = watched->step;
	step("the start");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (pid)
		watch_child(pid);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

/* xorshift64*: the same numbers for the same seed, anywhere. */
uint64_t draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

uint64_t draw_below(uint64_t *state, uint64_t limit)
{
	return (draw(state) >> 16) % limit;
}

ssize_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, size - 1);
	if (length < 0)
		length = -errno;
	else
		text[length] = '\0';
	close(fd);
	return length;
}

static void read_fact(const char *name, const char *fact, char *text, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/extmem/%s/%s", name, fact);
	if (read_text(path, text, size) <= 0)
		fail("%s says nothing", path);
	text[strcspn(text, "\n")] = '\0';
}

/* A partition hangs on a region, and that on the platform device. */
static void find_device(const char *name, char *device, size_t size)
{
	char path[PATH_MAX], real[PATH_MAX], link[PATH_MAX + 8];

	snprintf(path, sizeof(path), "/sys/class/extmem/%s", name);
	if (!realpath(path, real))
		fail("no region %s", name);
	while (strrchr(real, '/') != real) {
		snprintf(link, sizeof(link), "%s/driver", real);
		if (!access(link, F_OK)) {
			snprintf(device, size, "%s", strrchr(real, '/') + 1);
			return;
		}
		*strrchr(real, '/') = '\0';
	}
	fail("%s hangs on no device", name);
}

void find_region(const char *name, struct stress_region *region)
{
	char text[32];

	snprintf(region->name, sizeof(region->name), "%s", name);
	snprintf(region->path, sizeof(region->path), "/dev/extmem/%s", name);
	find_device(name, region->device, sizeof(region->device));
	read_fact(name, "type", region->type, sizeof(region->type));
	read_fact(name, "cache_policy", region->policy, sizeof(region->policy));
	read_fact(name, "size", text, sizeof(text));
	region->size = strtoull(text, NULL, 0);
	read_fact(name, "access", text, sizeof(text));
	region->read_only = !strcmp(text, "ro");
}

int driver_write(const char *file, const char *device)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	snprintf(path, sizeof(path), DRIVER "/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, device, strlen(device)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int sync_region(int fd, unsigned int flags, uint64_t offset, uint64_t length)
{
	struct extmem_sync sync = {
		.size = sizeof(sync),
		.flags = flags,
		.offset = offset,
		.length = length,
	};

	return ioctl(fd, EXTMEM_IOC_SYNC, &sync) ? -errno : 0;
}

int info_of_region(int fd, struct extmem_info *info)
{
	*info = (struct extmem_info){ .size = sizeof(*info) };
	return ioctl(fd, EXTMEM_IOC_INFO, info) ? -errno : 0;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (!fault_expected) {
		static const char text[] = "a fault that nobody expects\n";

		if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
			_exit(2);
		_exit(1);
	}
	fault_expected = false;
	fault_signal = signal;
	fault_address = (uintptr_t)info->si_addr;
	siglongjmp(fault_jump, 1);
}

void catch_faults(void)
{
	struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
}
