// The heap that the program takes when it is built with its default limits, and what each table has
// of it: one line `NAME BYTES` each. Beside the tables, `others`: queues, names, the objects.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "edge/admission.h"
#include "edge/connection_table.h"
#include "edge/event_loop.h"
#include "gateway/calls.h"
#include "gateway/rooms.h"
#include "gateway/users.h"
#include "platform/linux_watchdog.h"
#include "platform/system.h"
#include "program.h"
#include "program_options.h"
#include "session/assembly_pool.h"
#include "token/token_book.h"

namespace {

std::size_t asked_for = 0;

void* count(std::size_t bytes) {
  asked_for += bytes;
  if (void* block = std::malloc(bytes)) return block;
  std::abort();
}

}  // namespace

void* operator new(std::size_t bytes) {
  return count(bytes);
}
void* operator new[](std::size_t bytes) {
  return count(bytes);
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete[](void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*bytes*/) noexcept {
  std::free(block);
}
void operator delete[](void* block, std::size_t /*bytes*/) noexcept {
  std::free(block);
}

namespace bellhop {
namespace {

/// Prints what making a Table takes, and adds it to `sum`.
template <class Table, class... Arguments>
void report(const char* name, std::size_t& sum, Arguments&&... arguments) {
  const std::size_t before = asked_for;
  const Table table(std::forward<Arguments>(arguments)...);
  const std::size_t taken = asked_for - before;
  std::printf("%s %zu\n", name, taken);
  sum += taken;
}

Instant no_clock(void* /*nothing*/) {
  return {};
}

std::size_t report_tables(const Options& options) {
  const Options::Limits& limits = options.limits;
  const SwitchboardOptions rules = switchboard_options(options, {});
  const ServerOptions server = server_options(options, {});
  std::size_t sum = 0;
  FramePool frames(frame_options(limits));
  report<FramePool>("frames", sum, frame_options(limits));
  report<AssemblyPool>("assembly_buffers", sum, kAssemblyBuffers, assembly_bytes(limits));
  report<SessionTable>("sessions", sum, session_options(limits), frames);
  report<Rooms>("rooms", sum, gateway_options(options, {}).rooms);
  report<Users>("users", sum, rules.users);
  report<Calls>("calls", sum, rules.calls);
  report<TokenBook>("tokens", sum, limits.tokens);
  report<ConnectionTable>("connections", sum, server.connections, server.tls_connections);
  report<Admission>("addresses", sum, server.admission);
  report<EventLoop>("event_loop", sum, descriptors(limits), no_clock, nullptr);
  return sum;
}

void report_all() {
  const Options options;
  const std::size_t tables = report_tables(options);
  LinuxWatchdog watchdog;
  System system(watchdog);
  const CommandLine command_line;
  const std::size_t before = asked_for;
  const auto program = std::make_unique<Program>(command_line, options, Identity{}, system);
  const std::size_t all = asked_for - before;
  std::printf("others %zu\nall %zu\n", all - tables, all);
}

}  // namespace
}  // namespace bellhop

int main() {
  bellhop::report_all();
}
