#pragma once
#include <optional>
#include <string>

#include "store/sqlite_database.h"
#include "store/sqlite_tokens.h"
#include "token/token_registry.h"

namespace bellhop {

/// Keeps a TokenBook the same as the database, whoever writes to that: this process, or another
/// one (`bellhop token`), which is noticed within kPollInterval.
class TokenKeeper final : public TokenRegistry {
 public:
  /// With sessions asked twice a second, a revoked token's connections end within a second.
  static constexpr Duration kPollInterval{400};

  TokenKeeper(SqliteDatabase& database, TokenBook& book)
      : database_(database), rows_(database), book_(book) {}

  [[nodiscard]] RegistryResult add(const NewToken& token, WallTime now,
                                   IssuedToken& issued) override;
  [[nodiscard]] RegistryResult remove(std::string_view id) override;
  [[nodiscard]] std::string_view reason() const override { return reason_; }

  /// Fills the book from the database. False when that cannot be read: the book stays as it was, so
  /// that a failing disk locks nobody out.
  bool reload();

  /// When poll() next has something to do.
  [[nodiscard]] Instant next_due() const { return next_poll_; }
  /// Reloads when the database has changed under us; true when it did.
  bool poll(Instant now);

 private:
  [[nodiscard]] bool fill(const NewToken& token, WallTime now, IssuedToken& issued);
  [[nodiscard]] RegistryResult make_room(WallTime now);
  RegistryResult fail(RegistryResult result, std::string_view reason);
  RegistryResult unavailable();

  SqliteDatabase& database_;
  SqliteTokens rows_;
  TokenBook& book_;
  std::string reason_;
  std::optional<std::uint64_t> seen_;  ///< version of the database that the book has
  Instant next_poll_{};
};

}  // namespace bellhop
