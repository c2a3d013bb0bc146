/* A machine for tests, loaded before all other libraries: a watchdog, a clock with a battery and a
 * wall clock that are files. Named by the environment, each left alone when it is not:
 *   MACHINE_WATCHDOG  its device: each byte written is a feed; MACHINE_WATCHDOG_GRANTS its timeout
 *   MACHINE_RTC       a struct rtc_time
 *   MACHINE_CLOCK     the wall clock: seconds since 1970, as text; MACHINE_CLOCK_LOCKED: none may
 * set it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/rtc.h>
#include <linux/watchdog.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int is_device(int fd, const char* variable) {
  const char* path = getenv(variable);
  char link[64];
  char target[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, target, sizeof target - 1);
  if (path == NULL || size < 0) return 0;
  target[size] = '\0';
  return strcmp(path, target) == 0;
}

static int watchdog(unsigned long request, void* argument) {
  static int timeout = 60;
  const char* grants = getenv("MACHINE_WATCHDOG_GRANTS");
  struct watchdog_info* info = argument;
  int* seconds = argument;
  switch (request) {
    case WDIOC_GETSUPPORT:
      memset(info, 0, sizeof *info);
      info->options = WDIOF_SETTIMEOUT | WDIOF_MAGICCLOSE | WDIOF_KEEPALIVEPING;
      return 0;
    case WDIOC_SETTIMEOUT:
      *seconds = timeout = grants != NULL ? atoi(grants) : *seconds;
      return 0;
    case WDIOC_GETTIMEOUT:
      *seconds = timeout;
      return 0;
    default:
      errno = ENOTTY;
      return -1;
  }
}

static int rtc(unsigned long request, void* argument) {
  FILE* file = fopen(getenv("MACHINE_RTC"), request == RTC_SET_TIME ? "wb" : "rb");
  const size_t size = sizeof(struct rtc_time);
  const size_t done = request == RTC_SET_TIME  ? fwrite(argument, 1, size, file)
                      : request == RTC_RD_TIME ? fread(argument, 1, size, file)
                                               : 0;
  fclose(file);
  if (done == size) return 0;
  errno = EINVAL; /* what the kernel says of a time that was lost */
  return -1;
}

int ioctl(int fd, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  if (_IOC_TYPE(request) == WATCHDOG_IOCTL_BASE && is_device(fd, "MACHINE_WATCHDOG")) {
    return watchdog(request, argument);
  }
  if (_IOC_TYPE(request) == 'p' && is_device(fd, "MACHINE_RTC")) return rtc(request, argument);
  int (*next)(int, unsigned long, ...) =
      (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
  return next(fd, request, argument);
}

int clock_gettime(clockid_t id, struct timespec* time) {
  static int (*next)(clockid_t, struct timespec*);
  const char* path = getenv("MACHINE_CLOCK");
  if (next == NULL) {
    next = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  }
  FILE* file = id == CLOCK_REALTIME && path != NULL ? fopen(path, "r") : NULL;
  if (file == NULL) return next(id, time);
  long long seconds = 0;
  const int read = fscanf(file, "%lld", &seconds);
  fclose(file);
  time->tv_sec = (time_t)seconds;
  time->tv_nsec = 0;
  return read == 1 ? 0 : next(id, time);
}

int clock_settime(clockid_t id, const struct timespec* time) {
  FILE* file = NULL;
  (void)id;
  if (getenv("MACHINE_CLOCK_LOCKED") == NULL) file = fopen(getenv("MACHINE_CLOCK"), "w");
  if (file == NULL) {
    errno = EPERM;
    return -1;
  }
  fprintf(file, "%lld\n", (long long)time->tv_sec);
  return fclose(file);
}
