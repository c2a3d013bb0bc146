#include "platform/token_keys.h"

#include <mbedtls/ecp.h>

#include <string>

#include "platform/temporary_folder.h"
#include "support/jwt_maker.h"
#include "support/text.h"

using namespace bellhop;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

/// Public keys that are none on P-256, by openssl.
constexpr std::string_view kP384 =
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECwbN5CzsXhrCKbvloPUuZ6EswSYDgQnY\n"
    "EcCtbyGfXeG5KRa4o6YgUsKUc932rUHLLbygkb7ELkyI8AyxTEJEHoF8c5AdKRPw\n"
    "H/ubXvKKf2Xa5aAqw4G6dgjIqRIvDivg\n"
    "-----END PUBLIC KEY-----\n";

}  // namespace

TEST_GROUP(TokenKeys) {
  TemporaryFolder folder;
  EcIssuer issuer;
  TokenKeys keys;
  std::string error;

  bool load_secrets(const std::string& text, mode_t mode = 0600) {
    folder.put("secrets", text, mode);
    error.clear();
    return load_token_keys(folder.file("secrets"), "", keys, error);
  }
  bool load_public(const std::string& text) {
    folder.put("public.pem", text, 0644);
    error.clear();
    return load_token_keys("", folder.file("public.pem"), keys, error);
  }
  void check_error(std::string_view reason) {
    CHECK_TEXT(error.starts_with(folder.path()), error.c_str());
    CHECK_TEXT(error.find(reason) != std::string::npos, error.c_str());
    CHECK_TEXT(error.find(kSecret) == std::string::npos, error.c_str());
  }
};

TEST(TokenKeys, NoFilesMeanNoKeys) {
  CHECK(load_secrets(std::string(kSecret)));
  CHECK(load_token_keys("", "", keys, error));
  CHECK(keys.hs256.empty() && keys.es256.empty());
}

TEST(TokenKeys, ReadsOneSecretALine) {
  CHECK(load_secrets("# of the issuer\n" + std::string(kSecret) + "\r\n\n" + std::string(256, 'k') +
                     "\n"));
  LONGS_EQUAL(2, keys.hs256.size());
  CHECK_EQUAL(kSecret, std::string_view(keys.hs256[0].secret));
  CHECK(keys.hs256[0].fingerprint != keys.hs256[1].fingerprint);
  const Digest before = keys.hs256[0].fingerprint;
  CHECK(load_secrets(std::string(kSecret)));
  CHECK(keys.hs256[0].fingerprint == before);
}

TEST(TokenKeys, BadSecretFilesAreRefusedAndTheOldKeysStay) {
  CHECK(load_secrets(std::string(kSecret)));
  CHECK_FALSE(load_secrets(""));
  check_error("empty");
  CHECK_FALSE(load_secrets("# nothing\n"));
  check_error("no key");
  CHECK_FALSE(load_secrets(std::string(kSecret) + "\n" + std::string(31, 'x') + "\n"));
  check_error(":2: the key is too short; put keys of at least 32 characters");
  CHECK_FALSE(load_secrets(std::string(257, 'x')));
  check_error("longer than 256");
  CHECK_FALSE(load_secrets(std::string(kSecret) + " " + std::string(kSecret)));
  check_error("blank");
  CHECK_FALSE(load_secrets(std::string(kSecret), 0640));
  check_error("others than its owner");
  folder.remove("secrets");
  CHECK_FALSE(load_token_keys(folder.file("secrets"), "", keys, error));
  check_error("missing");
  LONGS_EQUAL(1, keys.hs256.size());
}

TEST(TokenKeys, ReadsPublicKeysWithTextAroundThem) {
  EcIssuer next;
  CHECK_TEXT(load_public("the old\n" + issuer.public_pem + "\nthe new\n" + next.public_pem),
             error.c_str());
  LONGS_EQUAL(2, keys.es256.size());
  CHECK(keys.es256[0].x != keys.es256[1].x);
  CHECK(keys.es256[0].fingerprint != keys.es256[1].fingerprint);
}

TEST(TokenKeys, BadPublicKeyFilesAreRefusedAndTheOldKeysStay) {
  CHECK(load_public(issuer.public_pem));
  CHECK_FALSE(load_public(""));
  check_error("no public key");
  CHECK_FALSE(load_public(std::string(kSecret)));
  check_error("no public key");
  CHECK_FALSE(load_public(issuer.private_pem));
  check_error("key 1 is no public key; put the issuer's public keys");
  CHECK_FALSE(load_public(issuer.public_pem + std::string(kP384)));
  check_error("key 2 is no public key on P-256");
  CHECK_FALSE(load_public(issuer.public_pem.substr(0, issuer.public_pem.size() - 30)));
  check_error("no end line");
  std::string broken = issuer.public_pem;
  broken.replace(60, 4, "AAAA");
  CHECK_FALSE(load_public(broken));
  check_error("P-256");
  folder.remove("public.pem");
  CHECK_FALSE(load_token_keys("", folder.file("public.pem"), keys, error));
  check_error("missing");
  LONGS_EQUAL(1, keys.es256.size());
}

TEST(TokenKeys, OneBadFileSpoilsBoth) {
  folder.put("secrets", std::string(kSecret));
  CHECK_FALSE(load_token_keys(folder.file("secrets"), folder.file("missing"), keys, error));
  CHECK(keys.hs256.empty());
}
