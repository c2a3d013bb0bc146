#include "store/sqlite_calls.h"

namespace bellhop {
SqliteCalls::SqliteCalls(SqliteDatabase& database)
    : clear_(database, "DELETE FROM calls"),
      put_(database, "INSERT OR REPLACE INTO calls VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
      read_(database,
            "SELECT id, caller, callee, state, ending, missed, started_ms, accepted_ms, ended_ms,"
            " message FROM calls ORDER BY id") {}

bool SqliteCalls::clear() {
  return clear_.start().run();
}

bool SqliteCalls::put(CallSlot slot, const Call& call) {
  return put_.start()
      .bind(slot)
      .bind(static_cast<std::int64_t>(call.id))
      .bind(call.caller.view())
      .bind(call.callee.view())
      .bind(call_state_name(call.state))
      .bind(call_end_name(call.end))
      .bind(call.missed ? 1 : 0)
      .bind(call.started)
      .bind(call.accepted)
      .bind(call.ended)
      .bind(call.message.view())
      .run();
}

bool SqliteCalls::read(CallReader& reader) {
  Call call;
  read_.start();
  while (read_.next()) {
    const auto state = parse_call_state(read_.text(3));
    const auto end = parse_call_end(read_.text(4));
    const bool fits = call.caller.assign(read_.text(1)) && call.callee.assign(read_.text(2)) &&
                      call.message.assign(read_.text(9));
    if (!state || !end || !fits) continue;  // somebody has been at the file
    call.id = static_cast<std::uint64_t>(read_.integer(0));
    call.state = *state;
    call.end = *end;
    call.missed = read_.integer(5) != 0;
    call.started = read_.time(6);
    call.accepted = read_.time(7);
    call.ended = read_.time(8);
    reader.call(call);
  }
  return read_.finish();
}

}  // namespace bellhop
