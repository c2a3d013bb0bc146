// The floor: the least work a server can do for these scenarios. A bare epoll loop, one encoded
// frame a push, one send() a delivery; no limits, no checks, no timers, no fairness. It speaks just
// enough HTTP, WebSocket and Socket.IO for bellhop-load and is of no use to anybody else.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Connection {
  bool open = false;
  bool websocket = false;
  bool member = false;
  std::string input;
};

volatile std::sig_atomic_t stop_asked = 0;
int epoll_fd = -1;
std::vector<Connection> connections;  // by descriptor
std::vector<int> members;
std::string event_frame;

constexpr std::string_view kSwitching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: 3f53C+OABvdL59m6R6JK3TKOqmI=\r\n\r\n";  // for bellhop-load's one key
constexpr std::string_view kOpenPacket =
    R"(0{"sid":"floor","upgrades":[],"pingInterval":3600000,"pingTimeout":3600000,)"
    R"("maxPayload":65536})";
constexpr std::string_view kConnected = R"(40{"sid":"floor"})";
constexpr std::string_view kGreeting = R"(42["downmsg",{"code":"2001","msg":"connect success"}])";
constexpr std::string_view kEntered =
    R"(42["downmsg",{"code":"2002","msg":"login room (id:bench) success"}])";
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 58\r\n\r\n"
    R"({"ROOT":{"BODY":{"RETURN_CODE":"0000","RETURN_MSG":"ok"}}})";

void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

void leave(int fd) {
  Connection& connection = connections[static_cast<std::size_t>(fd)];
  if (connection.member) {
    members.erase(std::find(members.begin(), members.end(), fd));
  }
  connection = Connection{};
  close(fd);
}

// False when the connection is gone. A full socket is waited for: the receiver always reads.
bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd writable{fd, POLLOUT, 0};
    if (errno != EAGAIN || poll(&writable, 1, 5000) != 1) {
      return false;
    }
  }
  return true;
}

void encode_frame(std::string& frame, std::string_view text) {
  frame.assign(1, static_cast<char>(0x81));
  if (text.size() < 126) {
    frame.push_back(static_cast<char>(text.size()));
  } else {
    frame.push_back(126);
    frame.push_back(static_cast<char>(text.size() >> 8U));
    frame.push_back(static_cast<char>(text.size() & 0xFFU));
  }
  frame.append(text);
}

bool send_text(int fd, std::string_view text) {
  std::string frame;
  encode_frame(frame, text);
  return send_all(fd, frame);
}

// `data` is the last member of the body, so it is cut out by position, not parsed.
void push(std::string_view body) {
  constexpr std::string_view kBefore = "\"data\":";
  const std::size_t from = body.find(kBefore) + kBefore.size();
  std::string packet = R"(42["bench",)";
  packet.append(body.substr(from, body.size() - from - 3));
  packet.push_back(']');
  encode_frame(event_frame, packet);
  for (const int fd : members) {
    send_all(fd, event_frame);
  }
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  }
  return length;
}

// Bytes taken; 0 while the request is incomplete.
std::size_t take_request(int fd, std::string_view input) {
  const std::size_t end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return 0;
  }
  const std::size_t whole = end + 4 + content_length(input.substr(0, end + 2));
  if (input.size() < whole) {
    return 0;
  }
  if (input.starts_with("POST")) {
    push(input.substr(end + 4, whole - end - 4));
    send_all(fd, kAnswer);
  } else {
    connections[static_cast<std::size_t>(fd)].websocket = true;
    send_all(fd, kSwitching);
    send_text(fd, kOpenPacket);
  }
  return whole;
}

// Bytes taken. Client frames here are short and masked with zeros.
std::size_t take_frame(int fd, std::string_view input) {
  if (input.size() < 6) {
    return 0;
  }
  const std::size_t whole = 6 + (static_cast<unsigned char>(input[1]) & 0x7FU);
  if (input.size() < whole) {
    return 0;
  }
  const std::string_view text = input.substr(6, whole - 6);
  if (text == "40") {
    send_text(fd, kConnected);
    send_text(fd, kGreeting);
  } else if (text.starts_with("42[\"loginRoom\"")) {
    connections[static_cast<std::size_t>(fd)].member = true;
    members.push_back(fd);
    send_text(fd, kEntered);
  }
  return whole;
}

void read_from(int fd) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got < 0 && errno == EAGAIN) {
    return;
  }
  if (got <= 0) {
    leave(fd);
    return;
  }
  Connection& connection = connections[static_cast<std::size_t>(fd)];
  connection.input.append(buffer.data(), static_cast<std::size_t>(got));
  std::string_view left = connection.input;
  while (!left.empty()) {
    const std::size_t taken = connection.websocket ? take_frame(fd, left) : take_request(fd, left);
    if (taken == 0) {
      break;
    }
    left.remove_prefix(taken);
  }
  connection.input.erase(0, connection.input.size() - left.size());
}

void watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    fail("epoll_ctl");
  }
}

void accept_all(int listener) {
  while (true) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      return;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connections.size() <= static_cast<std::size_t>(fd)) {
      connections.resize(static_cast<std::size_t>(fd) + 1);
    }
    connections[static_cast<std::size_t>(fd)].open = true;
    watch(fd);
  }
}

int listen_anywhere() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(fd, 4096) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("listen");
  }
  std::printf("ready http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

}  // namespace

int main() {
  struct sigaction on_term {};
  on_term.sa_handler = [](int) { stop_asked = 1; };
  sigaction(SIGTERM, &on_term, nullptr);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  const int listener = listen_anywhere();
  watch(listener);
  std::array<epoll_event, 512> events;
  while (stop_asked == 0) {
    const int count = epoll_wait(epoll_fd, events.data(), static_cast<int>(events.size()), 1000);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        accept_all(listener);
      } else if (connections[static_cast<std::size_t>(fd)].open) {
        read_from(fd);
      }
    }
  }
  return 0;
}
