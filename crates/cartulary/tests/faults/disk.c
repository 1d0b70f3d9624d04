/* A disk that refuses to write, put before the C library by LD_PRELOAD: for the fault drivers in disk.rs.
 *
 * FAULT_PATH   files whose path holds this text fail, and no others
 * FAULT_CODE   with this number, such as 28 (no space) or 5 (input/output error)
 * FAULT_AT     at this call, counted from 1 in this process; with FAULT_LAST also at all up to that one
 * FAULT_SWITCH instead of counting: at every call while this file exists
 * FAULT_HITS   a byte is added to this file at each failure
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *path, *lever, *hits;
static int code;
static long from, last;
static atomic_long calls;

/* The children that read documents are locked in and may ask nothing of the kind: they are left alone. */
static int is_reader(void) {
    char line[4096];
    int file = syscall(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY);
    if (file < 0) return 1;
    long length = syscall(SYS_read, file, line, sizeof line - 1);
    syscall(SYS_close, file);
    if (length <= 0) return 1;
    line[length] = 0;
    size_t first = strlen(line) + 1;
    return first < (size_t)length && strcmp(line + first, "reader") == 0;
}

__attribute__((constructor)) static void begin(void) {
    path = getenv("FAULT_PATH");
    if (!path || is_reader()) {
        path = NULL;
        return;
    }
    code = atoi(getenv("FAULT_CODE"));
    lever = getenv("FAULT_SWITCH");
    hits = getenv("FAULT_HITS");
    from = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
    last = getenv("FAULT_LAST") ? atol(getenv("FAULT_LAST")) : from;
}

static int fails(int file) {
    if (!path) return 0;
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = readlink(link, name, sizeof name - 1);
    if (length <= 0) return 0;
    name[length] = 0;
    if (!strstr(name, path)) return 0;
    if (lever) {
        if (access(lever, F_OK) != 0) return 0;
    } else {
        long call = atomic_fetch_add(&calls, 1) + 1;
        if (call < from || call > last) return 0;
    }
    if (hits) {
        int note = syscall(SYS_openat, AT_FDCWD, hits, O_WRONLY | O_CREAT | O_APPEND, 0600);
        syscall(SYS_write, note, "x", 1);
        syscall(SYS_close, note);
    }
    errno = code;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    return fails(file) ? -1 : REAL(write)(file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    return fails(file) ? -1 : REAL(writev)(file, parts, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    return fails(file) ? -1 : REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    return fails(file) ? -1 : REAL(pwrite64)(file, bytes, count, at);
}

int fsync(int file) {
    return fails(file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file) {
    return fails(file) ? -1 : REAL(fdatasync)(file);
}

int ftruncate(int file, off_t length) {
    return fails(file) ? -1 : REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length) {
    return fails(file) ? -1 : REAL(ftruncate64)(file, length);
}
