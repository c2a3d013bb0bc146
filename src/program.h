#pragma once
// Every object of the gateway, built in the order in which they depend on each other, and what
// they do in a turn of the loop.
#include <string>

#include "adapter/bearers.h"
#include "adapter/fanout.h"
#include "adapter/socketio_adapter.h"
#include "adapter/terminal_adapter.h"
#include "api/api.h"
#include "config/command_line.h"
#include "config/options.h"
#include "edge/event_loop.h"
#include "edge/jwt_verifier.h"
#include "edge/server.h"
#include "gateway/gateway.h"
#include "gateway/switchboard.h"
#include "platform/identity.h"
#include "platform/signals.h"
#include "platform/system.h"
#include "session/engineio_server.h"
#include "session/socketio_server.h"
#include "session/terminal_server.h"
#include "store/call_mirror.h"
#include "store/number_mirror.h"
#include "store/recorder.h"
#include "store/room_mirror.h"
#include "store/sqlite_calls.h"
#include "store/sqlite_database.h"
#include "store/sqlite_numbers.h"
#include "store/sqlite_rooms.h"
#include "store/sqlite_users.h"
#include "store/token_keeper.h"
#include "store/user_mirror.h"
#include "token/token_authority.h"

namespace bellhop {

class Program final : public LoopClient,
                      public LoopSource,
                      public SystemStatus,
                      public SessionNames {
 public:
  /// `options` have been checked; `identity` has been opened, and the state folder locked.
  Program(const CommandLine& command_line, const Options& options, Identity identity,
          System& system);

  /// Opens what can fail: files, sockets, the service manager. False with one line in `error`.
  [[nodiscard]] bool start(std::string& error);
  /// `http://ADDR:PORT` of the plain listener, or `https://...` when that is off.
  [[nodiscard]] std::string address() const;
  /// Serves until SIGTERM, and then says goodbye.
  void run();

 private:
  // LoopSource: a signal came
  void readable() override;
  // LoopClient
  [[nodiscard]] Instant next_due() const override;
  void turn_began(Instant now) override;
  void event_served() override { sessions_.reap(); }
  void turn_ended(Instant now) override;
  // SystemStatus
  [[nodiscard]] std::string unready_reason() const override;
  void collect(Metrics& metrics) const override;
  [[nodiscard]] WallTime wall_now() const override { return clock_.wall_now(); }
  [[nodiscard]] std::string_view sid(SessionId session) const override {
    return engine_.sid(session);
  }

  void collect_tables(Metrics& metrics) const;
  void collect_edge(Metrics& metrics) const;
  void collect_sessions(Metrics& metrics) const;
  void collect_calls(Metrics& metrics) const;
  void collect_tokens(Metrics& metrics) const;
  void collect_store(Metrics& metrics) const;
  void collect_machine(Metrics& metrics) const;
  [[nodiscard]] bool load_jwt_keys(std::string& error);
  void reload();
  void begin_shutdown();
  void remind(Instant now);
  void log_tables() const;

  const CommandLine command_line_;
  const Options options_;
  Identity identity_;
  System& system_;
  Clock& clock_;
  Signals signals_;
  EventLoop loop_;

  FramePool frames_;
  AssemblyPool assemblies_;
  SessionTable sessions_;

  SqliteDatabase database_;
  SqliteRooms room_rows_{database_};
  SqliteUsers user_rows_{database_};
  SqliteCalls call_rows_{database_};
  SqliteNumbers number_rows_{database_};
  TokenBook tokens_;
  TokenKeeper token_keeper_{database_, tokens_};
  LwsJwtVerifier jwt_verifier_;
  TokenAuthority authority_{tokens_, jwt_verifier_};

  // A circle, as the data goes: clients reach the rules through the adapters, and the rules reach
  // clients through the fan-out, which only keeps its references to the servers until then.
  Bearers bearers_;
  Fanout fanout_;
  Gateway gateway_;
  Switchboard switchboard_;
  SocketIoAdapter page_adapter_;
  TerminalAdapter terminal_adapter_;
  SocketIoServer socketio_;
  Api api_;
  Server server_;
  EngineIoServer engine_;
  TerminalServer terminals_;
  RoomMirror room_mirror_;
  UserMirror user_mirror_;
  CallMirror call_mirror_;
  NumberMirror number_mirror_;
  Recorder recorder_;
  Mount mounts_[2];

  Instant started_{};
  Instant reminder_due_ = kNever;  ///< of what --degraded says
  Instant shutdown_due_ = kNever;
};

}  // namespace bellhop
