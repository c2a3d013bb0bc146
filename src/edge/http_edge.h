#pragma once
// Plain HTTP/1.1 requests: read the head, let the right layer decide, read the body, answer.
#include <cstddef>
#include <span>
#include <string_view>

#include "base/fixed_array.h"
#include "edge/edge_context.h"
#include "edge/request_head.h"

struct lws;

namespace bellhop {

class HttpEdge {
 public:
  HttpEdge(EdgeContext& edge, std::size_t answer_bytes);

  // What lws reports; each returns what its callback is to return (nonzero ends the connection).
  [[nodiscard]] int on_head(lws* wsi, Connection& connection);
  [[nodiscard]] int on_body(Connection& connection, std::span<char> bytes);
  [[nodiscard]] int on_body_complete(lws* wsi, Connection& connection);

  /// Answers a request of a socket that got no slot in the connection table.
  [[nodiscard]] int refuse_overload(lws* wsi);
  /// Answers a request of an address that has its share of connections already.
  [[nodiscard]] int refuse_address(lws* wsi);
  /// Answers an upgrade request that is refused; the caller completes the transaction.
  void refuse_upgrade(lws* wsi, const HttpAnswer& answer);

  /// Ends the hanging GET of `connection`; from outside its own callbacks.
  void answer_hanging(Connection& connection, const HttpAnswer& answer);

 private:
  [[nodiscard]] int on_engine_head(lws* wsi, Connection& connection, const Mount& mount,
                                   HttpMethod method, std::size_t body_bytes);
  [[nodiscard]] int on_api_head(lws* wsi, Connection& connection, HttpMethod method,
                                std::size_t body_bytes);
  [[nodiscard]] int preflight(lws* wsi);
  [[nodiscard]] HttpAnswer take_body(lws* wsi, Connection& connection);
  void read_body(Connection& connection, std::size_t body_bytes);
  void drop_body(Connection& connection);
  [[nodiscard]] HttpRequest api_request(lws* wsi, const Connection& connection, HttpMethod method,
                                        std::size_t body_bytes);
  [[nodiscard]] std::string_view cors_headers(lws* wsi, std::span<char> out);

  /// Sends head and body in one write and completes the transaction.
  [[nodiscard]] int answer(lws* wsi, const HttpAnswer& answer, std::string_view cors = {});
  [[nodiscard]] int answer_and_close(lws* wsi, const HttpAnswer& answer);
  bool write_answer(lws* wsi, const HttpAnswer& answer, std::string_view more_headers);

  EdgeContext& edge_;
  FixedArray<char> answer_buffer_;
  HeadScratch scratch_;
};

}  // namespace bellhop
