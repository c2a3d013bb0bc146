#include "platform/certificate.h"

#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/log.h"
#include "platform/entropy.h"
#include "platform/files.h"
#include "platform/secret_file.h"

namespace bellhop {
namespace {

constexpr std::size_t kLargestChain = 65536;
constexpr std::size_t kPemBytes = 8192;

/// A context of mbedTLS that is freed with its scope.
template <class T, void (*Init)(T*), void (*Free)(T*)>
class Context {
 public:
  Context() { Init(&context_); }
  ~Context() { Free(&context_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  T* operator->() { return &context_; }
  T* get() { return &context_; }

 private:
  T context_;
};

using PrivateKey = Context<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;
using Chain = Context<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;
using Writer =
    Context<mbedtls_x509write_cert, mbedtls_x509write_crt_init, mbedtls_x509write_crt_free>;

/// mbedTLS's random source: the kernel's, with no generator of our own in between.
int random_bytes(void*, unsigned char* out, std::size_t size) {
  return fill_random({reinterpret_cast<char*>(out), size}) ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

std::string reason_of(int code) {
  std::array<char, 128> text{};
  mbedtls_strerror(code, text.data(), text.size());
  return text.data();
}

/// PEM readers of mbedTLS count the terminating zero as part of the text.
const unsigned char* pem_bytes(const std::string& pem) {
  return reinterpret_cast<const unsigned char*>(pem.c_str());
}

int parse_key(const std::string& pem, PrivateKey& key) {
  return mbedtls_pk_parse_key(key.get(), pem_bytes(pem), pem.size() + 1, nullptr, 0, random_bytes,
                              nullptr);
}

/// The list that mbedTLS wants, in memory that lives as long as this object.
class AlternativeNames {
 public:
  explicit AlternativeNames(const CertificateSubject& subject) : names_(subject.names) {
    names_.insert(names_.begin(), subject.host_name);
    for (const std::uint32_t address : subject.ipv4_addresses) {
      std::string& bytes = addresses_.emplace_back();
      for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(address >> shift);
    }
    nodes_.reserve(names_.size() + addresses_.size());
    for (std::string& name : names_) add(MBEDTLS_X509_SAN_DNS_NAME, name);
    for (std::string& address : addresses_) add(MBEDTLS_X509_SAN_IP_ADDRESS, address);
  }
  [[nodiscard]] const mbedtls_x509_san_list* list() const { return nodes_.data(); }

 private:
  void add(int type, std::string& value) {
    mbedtls_x509_san_list& added = nodes_.emplace_back();
    if (nodes_.size() > 1) nodes_[nodes_.size() - 2].next = &added;
    added.node.type = type;
    added.node.san.unstructured_name.p = reinterpret_cast<unsigned char*>(value.data());
    added.node.san.unstructured_name.len = value.size();
  }

  std::vector<std::string> names_;
  std::vector<std::string> addresses_;
  std::vector<mbedtls_x509_san_list> nodes_;
};

struct Validity {
  std::array<char, 16> from{"20200101000000"};
  std::array<char, 16> to{};
};

Validity validity_at(WallTime now) {
  const auto seconds = static_cast<std::time_t>(now.time_since_epoch().count() / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  Validity validity;
  const int year = std::clamp(utc.tm_year + 1900, 2026, 2200) + 20;
  std::snprintf(validity.to.data(), validity.to.size(), "%04d1231235959", year);
  return validity;
}

/// Everything but the signature; 0 or mbedTLS's code.
int fill_in(Writer& writer, PrivateKey& key, const CertificateSubject& subject,
            const AlternativeNames& names, const Validity& validity) {
  std::array<unsigned char, 16> serial;
  if (const int code = random_bytes(nullptr, serial.data(), serial.size())) return code;
  serial[0] = (serial[0] & 0x3f) | 0x40;  // positive and of a fixed length

  mbedtls_asn1_sequence usage{};
  usage.buf.tag = MBEDTLS_ASN1_OID;
  std::string server_auth(MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH));
  usage.buf.p = reinterpret_cast<unsigned char*>(server_auth.data());
  usage.buf.len = server_auth.size();

  const std::string name = "CN=" + subject.host_name;
  mbedtls_x509write_crt_set_version(writer.get(), MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(writer.get(), MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(writer.get(), key.get());
  mbedtls_x509write_crt_set_issuer_key(writer.get(), key.get());
  int code = mbedtls_x509write_crt_set_subject_name(writer.get(), name.c_str());
  const auto then = [&code](int next) { code = code != 0 ? code : next; };
  then(mbedtls_x509write_crt_set_issuer_name(writer.get(), name.c_str()));
  then(mbedtls_x509write_crt_set_serial_raw(writer.get(), serial.data(), serial.size()));
  then(mbedtls_x509write_crt_set_validity(writer.get(), validity.from.data(), validity.to.data()));
  then(mbedtls_x509write_crt_set_basic_constraints(writer.get(), 0, -1));
  then(mbedtls_x509write_crt_set_key_usage(writer.get(), MBEDTLS_X509_KU_DIGITAL_SIGNATURE));
  then(mbedtls_x509write_crt_set_ext_key_usage(writer.get(), &usage));
  then(mbedtls_x509write_crt_set_subject_key_identifier(writer.get()));
  then(mbedtls_x509write_crt_set_subject_alternative_name(writer.get(), names.list()));
  return code;
}

std::string way_out(const std::string& certificate_file, const std::string& key_file) {
  return "; restore certificate and key from a backup, or make a new pair: openssl req -x509 "
         "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -subj /CN=bellhop "
         "-keyout " +
         key_file + " -out " + certificate_file;
}

bool read_chain(const std::string& path, Chain& chain, std::string& error) {
  FileContent content;
  if (read_file(path, kLargestChain, content, error) != FileStatus::ok) return false;
  const int code =
      mbedtls_x509_crt_parse(chain.get(), pem_bytes(content.text), content.text.size() + 1);
  if (code == 0) return true;
  // Positive: so many certificates of the chain could not be read.
  error = path + ": not a PEM certificate: " +
          (code > 0 ? "part of the chain is broken" : reason_of(code));
  return false;
}

bool read_key(const std::string& path, PrivateKey& key, std::string& error) {
  SecretFile file;
  if (!file.read(path, error)) return false;
  const int code = parse_key(file.string(), key);
  if (code == 0) return true;
  error = path + ": not a PEM private key: " + reason_of(code);
  return false;
}

void log_wrong_dates(Chain& chain, const std::string& path) {
  if (mbedtls_x509_time_is_past(&chain->valid_to) != 0) {
    log_event(LogLevel::warn, "certificate_expired", {{"file", path}});
  }
  if (mbedtls_x509_time_is_future(&chain->valid_from) != 0) {
    log_event(LogLevel::warn, "certificate_not_yet_valid", {{"file", path}});
  }
}

}  // namespace

bool make_private_key(std::string& key_pem, std::string& error) {
  PrivateKey key;
  std::array<unsigned char, 1024> pem{};
  int code = mbedtls_pk_setup(key.get(), mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (code == 0) {
    code = mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key.get()), random_bytes,
                               nullptr);
  }
  if (code == 0) code = mbedtls_pk_write_key_pem(key.get(), pem.data(), pem.size());
  if (code == 0) {
    key_pem = reinterpret_cast<const char*>(pem.data());
  } else {
    error = "cannot make a private key: " + reason_of(code);
  }
  mbedtls_platform_zeroize(pem.data(), pem.size());
  return code == 0;
}

bool make_certificate(const std::string& key_pem, const CertificateSubject& subject, WallTime now,
                      std::string& certificate_pem, std::string& error) {
  PrivateKey key;
  Writer writer;
  const AlternativeNames names(subject);
  std::array<unsigned char, kPemBytes> pem{};
  int code = parse_key(key_pem, key);
  if (code == 0) code = fill_in(writer, key, subject, names, validity_at(now));
  if (code == 0) {
    code = mbedtls_x509write_crt_pem(writer.get(), pem.data(), pem.size(), random_bytes, nullptr);
  }
  if (code == 0) {
    certificate_pem = reinterpret_cast<const char*>(pem.data());
  } else {
    error = "cannot make a certificate: " + reason_of(code);
  }
  return code == 0;
}

bool check_certificate(const std::string& certificate_file, const std::string& key_file,
                       std::string& error) {
  Chain chain;
  PrivateKey key;
  bool sound = read_chain(certificate_file, chain, error) && read_key(key_file, key, error);
  if (sound && mbedtls_pk_check_pair(&chain->pk, key.get(), random_bytes, nullptr) != 0) {
    error = key_file + ": not the key of the certificate in " + certificate_file;
    sound = false;
  }
  if (sound) {
    log_wrong_dates(chain, certificate_file);
  } else {
    error += way_out(certificate_file, key_file);
  }
  return sound;
}

}  // namespace bellhop
