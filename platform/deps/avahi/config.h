/* What avahi's configure would find out about glibc on Linux, and one thing it would not. */
#pragma once
#define GETTEXT_PACKAGE "avahi"
#define HAVE_NETLINK 1
#define HAVE_STRUCT_IP_MREQN 1

/* avahi takes all its times from gettimeofday. A box without a battery sets its clock when it first
 * hears what time it is: a clock set back would leave every question unanswered until the old time
 * comes again. So the time of day is the time since the start, here. */
#include <sys/time.h>
#include <time.h>

static inline int steady_time_of_day(struct timeval* tv) {
  struct timespec now;
  int result = clock_gettime(CLOCK_MONOTONIC, &now);
  tv->tv_sec = now.tv_sec;
  tv->tv_usec = now.tv_nsec / 1000;
  return result;
}
#define gettimeofday(tv, zone) steady_time_of_day(tv)
