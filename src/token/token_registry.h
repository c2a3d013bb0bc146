#pragma once
// Adding and revoking registered tokens, as the API and the command line ask for it.
#include <cstdint>
#include <string>
#include <string_view>

#include "token/token_book.h"

namespace bellhop {

struct NewToken {
  std::string_view id;  ///< by which people name it; empty: one is made
  std::string_view user;
  std::string_view name;
  WallTime expires = WallTime::max();
};

struct IssuedToken {
  std::string token;  ///< told once: nobody keeps it
  TokenRecord record;
};

enum class RegistryResult : std::uint8_t {
  done,
  refused,      ///< an impossible id, user, name or expiry
  taken,        ///< there is a token of that id
  not_found,    ///< there is no token of that id
  full,         ///< limits.tokens
  unavailable,  ///< the database cannot be written now; nothing has changed
};

class TokenRegistry {
 public:
  /// `done`: on the disk, and good from now on. Tokens that have expired make room for new ones.
  [[nodiscard]] virtual RegistryResult add(const NewToken& token, WallTime now,
                                           IssuedToken& issued) = 0;
  /// `done`: on the disk, and good no more.
  [[nodiscard]] virtual RegistryResult remove(std::string_view id) = 0;
  /// What the last result that was not `done` is about, in a sentence for people.
  [[nodiscard]] virtual std::string_view reason() const = 0;

 protected:
  ~TokenRegistry() = default;
};

/// Why `text` can name no token; empty: it can. 1 to 32 letters, digits and `.`, `_`, `-`, of which
/// the first is a letter or a digit.
[[nodiscard]] std::string_view token_id_fault(std::string_view text);

}  // namespace bellhop
