#include "publisher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "wire.h"

namespace bellhop::load {
namespace {

// Blocking: on loopback it takes microseconds, and it happens before any measured window.
int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  target.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(fd, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) {
    die(std::string("publisher connect: ") + std::strerror(errno));
  }
  return fd;
}

}  // namespace

Publisher::Publisher(Loop& loop, int port, std::size_t index, AnswerSink& sink)
    : sink_(sink), index_(index), fd_(connect_to(port)), port_(port) {
  loop.add(fd_, *this, EPOLLIN);
}

Publisher::~Publisher() {
  close(fd_);
}

void Publisher::post(std::uint64_t number) {
  const std::string request = push_request(port_, number);
  if (send(fd_, request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
      static_cast<ssize_t>(request.size())) {
    die(std::string("publisher send: ") + std::strerror(errno));
  }
}

void Publisher::on_ready(std::uint32_t /*events*/) {
  std::array<char, 4096> buffer;
  const ssize_t got = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (got <= 0) {
    die("the server closed a publisher's keep-alive connection");
  }
  rest_.append(buffer.data(), static_cast<std::size_t>(got));
  HttpAnswer answer;
  switch (parse_http_answer(rest_, answer)) {
    case Parse::partial:
      return;
    case Parse::broken:
      die("the answer to POST /push has no status or no Content-Length: " + rest_);
    case Parse::complete:
      break;
  }
  if (answer.status != 200 || answer.size != rest_.size()) {
    die("POST /push was answered with: " + rest_);
  }
  rest_.clear();
  sink_.on_answer(index_);
}

}  // namespace bellhop::load
