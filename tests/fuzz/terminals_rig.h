#pragma once
// Whole terminals over memory: terminals and pages that say and do anything, and two terminals that
// behave well and must not notice. Everything is small, so that every bound is met.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapter/fanout.h"
#include "adapter/socketio_adapter.h"
#include "adapter/terminal_adapter.h"
#include "script.h"
#include "session/socketio_server.h"
#include "support/fake_authority.h"
#include "terminals_wire.h"

namespace bellhop::fuzz {

class TerminalsRig {
 public:
  TerminalsRig();

  /// Plays one script to its end, then ends everybody and looks for what is left.
  void play(Script& script);
  /// Messages that were handed to the gateway.
  [[nodiscard]] std::uint64_t frames_sent() const { return frames_sent_; }

 private:
  static constexpr std::uint32_t kWitnesses = 2;
  static constexpr std::size_t kCallSlots = 4;

  void step(Script& script);
  void upgrade(std::uint32_t number, std::uint8_t token, bool page);
  void say(std::uint32_t number, Script& script);
  void fill_in(std::string& text, const std::string& user, std::uint8_t which) const;
  void send(std::uint32_t number, bool binary, std::string_view text);
  void too_big(std::uint32_t number);
  void pong(std::uint32_t number);
  void choke(std::uint32_t number);
  void connection_ends(std::uint32_t number, std::uint8_t how);
  void revoke(std::uint32_t number);
  void pass_time(Duration step);
  void note_who_is_there();
  /// The end of a turn.
  void settle();

  // The two who behave well.
  void probe();
  void check_lists();
  void check_call();
  [[nodiscard]] std::string take_frame(std::uint32_t witness, std::string_view type,
                                       std::string_view event);

  void check_frames();
  void check_tables();
  void finish();

  static SwitchboardOptions switchboard_options();

  FramePool frames_;
  SessionTable sessions_;
  AssemblyPool assemblies_;
  TerminalsWire wire_;
  FakeAuthority authority_;
  FakeClock clock_;
  Bearers bearers_;
  // Fanout needs the servers and they need the rules that write to it, as in the program.
  SocketIoServer socketio_;
  EngineIoServer engine_;
  Fanout fanout_;
  Gateway gateway_;
  Switchboard switchboard_;
  SocketIoAdapter pages_;
  TerminalAdapter terminal_adapter_;
  TerminalServer terminals_;
  std::size_t control_frames_;
  std::map<std::string, Instant, std::less<>> last_there_;
  Instant last_probe_{};
  std::uint64_t frames_sent_ = 0;
  std::uint64_t calls_made_ = 0;
};

}  // namespace bellhop::fuzz
