#include "edge/connection_table.h"

#include <libwebsockets.h>

namespace bellhop {

ConnectionTable::ConnectionTable(std::size_t connections, std::size_t tls_connections)
    : slots_(connections), free_(connections) {
  gauge_.capacity = connections;
  tls_gauge_.capacity = tls_connections;
  for (std::size_t i = connections; i-- > 0;) {
    free_.append(static_cast<std::uint32_t>(i));
  }
}

Connection* ConnectionTable::open(lws* wsi, bool tls) {
  if (gauge_.full()) {
    gauge_.refuse();
    return nullptr;
  }
  if (tls && tls_gauge_.full()) {
    tls_gauge_.refuse();
    return nullptr;
  }
  Connection& connection = slots_[free_.take_back()];
  gauge_.take();
  if (tls) tls_gauge_.take();
  const std::uint32_t generation = connection.generation;
  connection = Connection{};
  connection.generation = generation;
  connection.wsi = wsi;
  connection.tls = tls;
  lws_set_opaque_user_data(wsi, &connection);
  return &connection;
}

void ConnectionTable::close(Connection& connection) {
  lws_set_opaque_user_data(connection.wsi, nullptr);
  connection.wsi = nullptr;
  if (++connection.generation == 0) connection.generation = 1;
  gauge_.release();
  if (connection.tls) tls_gauge_.release();
  free_.append(static_cast<std::uint32_t>(&connection - slots_.begin()));
}

Connection* ConnectionTable::find(ConnectionId id) {
  if (!id || id.index >= slots_.size()) return nullptr;
  Connection& connection = slots_[id.index];
  return connection.wsi != nullptr && connection.generation == id.generation ? &connection
                                                                             : nullptr;
}

ConnectionId ConnectionTable::id_of(const Connection& connection) const {
  return {static_cast<std::uint32_t>(&connection - slots_.begin()), connection.generation};
}

}  // namespace bellhop
