#include "member.h"

#include <arpa/inet.h>
#include <linux/tcp.h>  // its tcp_info has tcpi_data_segs_in, the one in <netinet/tcp.h> has not
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "wire.h"

namespace bellhop::load {
namespace {

constexpr unsigned kSourceAddresses = 50;  // 127.0.0.2 and the following ones
constexpr unsigned kText = 1;
constexpr unsigned kClose = 8;
constexpr unsigned kPing = 9;
constexpr unsigned kPong = 10;

sockaddr_in loopback(unsigned host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(0x7F000000U | host);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int start_connect(unsigned source_index, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    die(std::string("socket: ") + std::strerror(errno));
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const sockaddr_in source = loopback(2 + source_index % kSourceAddresses, 0);
  const sockaddr_in target = loopback(1, port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0 ||
      (connect(fd, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0 &&
       errno != EINPROGRESS)) {
    die(std::string("connect: ") + std::strerror(errno));
  }
  return fd;
}

}  // namespace

Member::Member(Loop& loop, int port, Goal goal, unsigned source_index, Audience* audience)
    : loop_(loop),
      audience_(audience),
      fd_(start_connect(source_index, port)),
      port_(port),
      goal_(goal) {
  loop_.add(fd_, *this, EPOLLOUT);
}

Member::~Member() {
  close(fd_);
}

std::uint64_t Member::data_segments() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    die("getsockopt(TCP_INFO) failed");
  }
  return info.tcpi_data_segs_in;
}

void Member::on_ready(std::uint32_t /*events*/) {
  if (state_ == State::connecting) {
    start_upgrade();
  } else {
    read_all();
  }
}

void Member::start_upgrade() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    die(std::string("connect: ") + std::strerror(error));
  }
  loop_.change(fd_, *this, EPOLLIN);
  state_ = State::upgrading;
  send_bytes(upgrade_request(port_));
}

void Member::read_all() {
  static std::array<char, 256 * 1024> buffer;  // one thread, and never held across turns
  const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (got <= 0) {
    die(got == 0 ? "the server closed a connection" : std::string("recv: ") + strerror(errno));
  }
  std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
  std::string joined;
  if (!rest_.empty()) {
    joined = rest_.append(bytes);
    rest_.clear();
    bytes = joined;
  }
  if (state_ == State::upgrading) {
    bytes.remove_prefix(take_upgrade_answer(bytes));
  }
  if (state_ != State::upgrading) {
    bytes.remove_prefix(take_frames(bytes));
  }
  rest_.assign(bytes);
}

std::size_t Member::take_upgrade_answer(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return 0;
  }
  if (!bytes.starts_with("HTTP/1.1 101")) {
    die("upgrade refused: " + std::string(bytes.substr(0, bytes.find("\r\n"))));
  }
  state_ = State::opening;
  return end + 4;
}

std::size_t Member::take_frames(std::string_view bytes) {
  std::size_t taken = 0;
  while (true) {
    ServerFrame frame;
    switch (parse_server_frame(bytes.substr(taken), frame)) {
      case Parse::partial:
        return taken;
      case Parse::broken:
        die("malformed WebSocket frame from the server");
      case Parse::complete:
        on_frame(frame.opcode, frame.payload);
        taken += frame.size;
    }
  }
}

void Member::on_frame(unsigned opcode, std::string_view payload) {
  if (opcode == kText) {
    on_packet(payload);
  } else if (opcode == kPing) {
    send_bytes(client_frame(kPong, payload));
  } else if (opcode == kClose) {
    die("the server sent a close frame: " + std::string(payload.substr(payload.empty() ? 0 : 2)));
  } else {
    die("unexpected WebSocket opcode " + std::to_string(opcode));
  }
}

void Member::on_packet(std::string_view packet) {
  const bool is_downmsg = packet.starts_with("42[\"downmsg\"");
  if (packet == "2") {
    send_text("3");
  } else if (state_ == State::opening && packet.starts_with("0{")) {
    send_text("40");
    state_ = State::entering;
  } else if (state_ == State::entering && packet.starts_with("40")) {
    if (goal_ == Goal::connected) {
      state_ = State::ready;
      return;
    }
    send_text("42[\"loginRoom\",{\"id\":\"" + std::string(kRoom) +
              "\",\"type\":\"loginWhenever\"}]");
    state_ = State::joining;
  } else if (is_downmsg && packet.find("\"2001\"") != std::string_view::npos) {
    return;  // the greeting; it may come before or after our own loginRoom was sent
  } else if (state_ == State::joining && is_downmsg &&
             packet.find("\"2002\"") != std::string_view::npos) {
    state_ = State::ready;
  } else if (state_ == State::ready && audience_ != nullptr) {
    ++events_;
    audience_->on_event(*this, packet);
  } else {
    die("unexpected packet: " + std::string(packet.substr(0, 120)));
  }
}

void Member::send_text(std::string_view text) {
  send_bytes(client_frame(kText, text));
}

void Member::send_bytes(std::string_view bytes) const {
  // A few bytes into an empty socket buffer: anything but a whole write means a broken connection.
  if (send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    die(std::string("send: ") + std::strerror(errno));
  }
}

}  // namespace bellhop::load
