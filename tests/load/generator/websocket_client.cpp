#include "websocket_client.h"

#include <arpa/inet.h>
#include <linux/tcp.h>  // its tcp_info has tcpi_data_segs_in, the one in <netinet/tcp.h> has not
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "wire.h"

namespace bellhop::load {
namespace {

constexpr unsigned kSourceAddresses = 50;  // 127.0.0.2 and the following ones

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

WebSocketClient::WebSocketClient(Loop& loop, int port, std::string target, unsigned source_index)
    : loop_(loop), target_(std::move(target)), fd_(start_connect(source_index, port)), port_(port) {
  loop_.add(fd_, *this, EPOLLOUT);
}

WebSocketClient::~WebSocketClient() {
  close(fd_);
}

std::uint64_t WebSocketClient::data_segments() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    die("getsockopt(TCP_INFO) failed");
  }
  return info.tcpi_data_segs_in;
}

void WebSocketClient::on_ready(std::uint32_t /*events*/) {
  if (state_ == State::connecting) {
    start_upgrade();
  } else {
    read_all();
  }
}

void WebSocketClient::start_upgrade() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    die(std::string("connect: ") + std::strerror(error));
  }
  loop_.change(fd_, *this, EPOLLIN);
  state_ = State::upgrading;
  send_bytes(upgrade_request(port_, target_));
}

void WebSocketClient::read_all() {
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
  if (state_ == State::open) {
    bytes.remove_prefix(take_frames(bytes));
  }
  rest_.assign(bytes);
}

std::size_t WebSocketClient::take_upgrade_answer(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return 0;
  }
  if (!bytes.starts_with("HTTP/1.1 101")) {
    die("upgrade refused: " + std::string(bytes.substr(0, bytes.find("\r\n"))));
  }
  state_ = State::open;
  on_open();
  return end + 4;
}

std::size_t WebSocketClient::take_frames(std::string_view bytes) {
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

void WebSocketClient::on_frame(unsigned opcode, std::string_view payload) {
  if (opcode == kTextFrame) {
    on_text(payload);
  } else if (opcode == kPingFrame) {
    send_bytes(client_frame(kPongFrame, payload));
  } else if (opcode == kCloseFrame) {
    die("the server sent a close frame: " + std::string(payload.substr(payload.empty() ? 0 : 2)));
  } else {
    die("unexpected WebSocket opcode " + std::to_string(opcode));
  }
}

void WebSocketClient::send_bytes(std::string_view bytes) const {
  // A few bytes into an empty socket buffer: anything but a whole write means a broken connection.
  if (send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    die(std::string("send: ") + std::strerror(errno));
  }
}

void WebSocketClient::send_farewell(std::string_view bytes) const {
  static_cast<void>(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace bellhop::load
