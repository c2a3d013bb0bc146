#include "platform/certificate.h"

#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <string_view>

#include "temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

namespace {

constexpr WallTime kIn2030{Duration{1'893'456'000'000}};
const CertificateSubject kSubject{"box", {"box.local", "localhost"}, {0x7f000001, 0xc0a80105}};

/// A certificate as a client reads it.
class Parsed {
 public:
  explicit Parsed(const std::string& pem) {
    mbedtls_x509_crt_init(&crt_);
    const auto* bytes = reinterpret_cast<const unsigned char*>(pem.c_str());
    CHECK_EQUAL(0, mbedtls_x509_crt_parse(&crt_, bytes, pem.size() + 1));
  }
  ~Parsed() { mbedtls_x509_crt_free(&crt_); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  mbedtls_x509_crt& operator*() { return crt_; }
  mbedtls_x509_crt* operator->() { return &crt_; }

  bool names(const char* name) {
    std::uint32_t flags = 0;
    const int code = mbedtls_x509_crt_verify(&crt_, &crt_, nullptr, name, &flags, nullptr, nullptr);
    return code == 0 && flags == 0;
  }

 private:
  mbedtls_x509_crt crt_;
};

}  // namespace

TEST_GROUP(Certificate) {
  std::string made(const CertificateSubject& subject, WallTime now) {
    std::string certificate;
    CHECK(make_private_key(key_, error_));
    CHECK(make_certificate(key_, subject, now, certificate, error_));
    return certificate;
  }

  bool check() {
    error_.clear();
    return check_certificate(folder_.file("crt"), folder_.file("key"), error_);
  }

  void refuses(const char* name, const char* reason) {
    CHECK_FALSE_TEXT(check(), reason);
    CHECK_TEXT(error_.find(folder_.file(name)) == 0, error_.c_str());
    CHECK_TEXT(error_.find(reason) != std::string::npos, error_.c_str());
    CHECK(error_.find("openssl req") != std::string::npos);
  }

  TemporaryFolder folder_;
  std::string key_;
  std::string error_;
};

TEST(Certificate, IsTrustedUnderEachOfItsNames) {
  Parsed parsed(made(kSubject, kIn2030));
  for (const char* name : {"box", "box.local", "localhost", "127.0.0.1", "192.168.1.5"}) {
    CHECK_TEXT(parsed.names(name), name);
  }
  for (const char* name : {"box.example", "192.168.1.6", "local"}) {
    CHECK_FALSE_TEXT(parsed.names(name), name);
  }
}

TEST(Certificate, IsForServersOnly) {
  Parsed parsed(made(kSubject, kIn2030));
  CHECK_EQUAL(0, mbedtls_x509_crt_check_extended_key_usage(
                     &*parsed, MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)));
  CHECK(mbedtls_x509_crt_check_extended_key_usage(&*parsed, MBEDTLS_OID_CLIENT_AUTH,
                                                  MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)) != 0);
  CHECK_EQUAL(3, parsed->version);
}

TEST(Certificate, IsValidLongWhateverTheClockSays) {
  Parsed with_clock(made(kSubject, kIn2030));
  CHECK_EQUAL(2020, with_clock->valid_from.year);
  CHECK_EQUAL(2050, with_clock->valid_to.year);
  Parsed without_clock(made(kSubject, WallTime{}));
  CHECK_EQUAL(2020, without_clock->valid_from.year);
  CHECK_EQUAL(2046, without_clock->valid_to.year);
}

TEST(Certificate, TwoOfThemDiffer) {
  const std::string first = made(kSubject, kIn2030);
  const std::string first_key = key_;
  const std::string second = made(kSubject, kIn2030);
  CHECK(first != second);
  CHECK(first_key != key_);
}

TEST(Certificate, ThisMachineHasUsableNames) {
  const CertificateSubject subject = local_subject();
  CHECK_FALSE(subject.host_name.empty());
  Parsed parsed(made(subject, kIn2030));
  CHECK(parsed.names(subject.host_name.c_str()));
  CHECK(parsed.names("localhost"));
  CHECK(parsed.names("127.0.0.1"));
}

TEST(Certificate, APairThatFitsIsAccepted) {
  folder_.put("crt", made(kSubject, kIn2030), 0644);
  folder_.put("key", key_);
  CHECK_TEXT(check(), error_.c_str());
}

TEST(Certificate, ABrokenPairIsRefusedWithAWayOut) {
  const std::string certificate = made(kSubject, kIn2030);
  const std::string key = key_;
  folder_.put("key", key);
  refuses("crt", "the file is missing");
  folder_.put("crt", "", 0644);
  refuses("crt", "not a PEM certificate");
  folder_.put("crt", certificate.substr(0, certificate.size() / 2), 0644);
  refuses("crt", "not a PEM certificate");
  folder_.put("crt", certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
              0644);
  refuses("crt", "part of the chain is broken");
  folder_.put("crt", certificate, 0644);

  folder_.remove("key");
  refuses("key", "the file is missing");
  folder_.put("key", "");
  refuses("key", "the file is empty");
  folder_.put("key", "no key\n");
  refuses("key", "not a PEM private key");
  folder_.put("key", key, 0640);
  refuses("key", "others than its owner");
  CHECK(make_private_key(key_, error_));
  folder_.put("key", key_);
  refuses("key", "not the key of the certificate");
}

TEST(Certificate, NoCertificateFromABrokenKey) {
  std::string certificate;
  CHECK_FALSE(make_certificate("no key", kSubject, kIn2030, certificate, error_));
  CHECK_FALSE(error_.empty());
}
