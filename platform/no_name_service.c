// Users, groups and hosts by name, for a static program: glibc would load libraries of its own
// version for them when running, which a box does not have. We ask for none of them; libwebsockets
// would if it were told a user or a group to become, and learns here that there are none.
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stddef.h>

int getpwnam_r(const char* name, struct passwd* entry, char* buffer, size_t size,
               struct passwd** result) {
  (void)name, (void)entry, (void)buffer, (void)size;
  *result = NULL;
  return ENOSYS;
}

int getpwuid_r(uid_t user, struct passwd* entry, char* buffer, size_t size,
               struct passwd** result) {
  (void)user, (void)entry, (void)buffer, (void)size;
  *result = NULL;
  return ENOSYS;
}

int getgrnam_r(const char* name, struct group* entry, char* buffer, size_t size,
               struct group** result) {
  (void)name, (void)entry, (void)buffer, (void)size;
  *result = NULL;
  return ENOSYS;
}

int getgrgid_r(gid_t group, struct group* entry, char* buffer, size_t size, struct group** result) {
  (void)group, (void)entry, (void)buffer, (void)size;
  *result = NULL;
  return ENOSYS;
}

int initgroups(const char* user, gid_t group) {
  (void)user, (void)group;
  errno = ENOSYS;
  return -1;
}

int getaddrinfo(const char* node, const char* service, const struct addrinfo* hints,
                struct addrinfo** result) {
  (void)node, (void)service, (void)hints;
  *result = NULL;
  return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo* list) {
  (void)list;
}
