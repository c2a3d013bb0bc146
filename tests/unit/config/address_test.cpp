#include "config/address.h"

#include <CppUTest/TestHarness.h>

using namespace bellhop;

TEST_GROUP(Address) {
  std::string error_;
};

TEST(Address, ReadsAListenAddress) {
  ListenAddress address;
  CHECK(parse_listen_address("127.0.0.1:65535", address, error_));
  STRCMP_EQUAL("127.0.0.1", address.host.c_str());
  CHECK_EQUAL(65535, address.port);
  CHECK(parse_listen_address("0.0.0.0:0", address, error_));
  CHECK_EQUAL(0, address.port);
}

TEST(Address, SaysWhatIsWrongWithAListenAddress) {
  ListenAddress address{"kept", 1};
  for (const char* text :
       {"", "8080", ":8080", "localhost:8080", "1.2.3:80", "1.2.3.4.5:80", "1.2.3.256:80",
        "01.2.3.4:80", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4: 80", "1.2.3.4:80 ",
        "[::1]:80", "1.2.3.4:080", "1..3.4:80", "1.2.3.4.:80", "99999999999.1.1.1:80"}) {
    error_.clear();
    CHECK_FALSE_TEXT(parse_listen_address(text, address, error_), text);
    CHECK_FALSE(error_.empty());
    STRCMP_EQUAL("kept", address.host.c_str());
  }
}

TEST(Address, ANetworkContainsItsAddresses) {
  Ipv4Network network;
  CHECK(parse_ipv4_network("192.168.1.0/24", network, error_));
  CHECK(network.contains(0xc0a80101));
  CHECK(network.contains(0xc0a801ff));
  CHECK_FALSE(network.contains(0xc0a80201));
  CHECK(parse_ipv4_network("10.0.0.7", network, error_));
  CHECK(network.contains(0x0a000007));
  CHECK_FALSE(network.contains(0x0a000006));
  CHECK(parse_ipv4_network("0.0.0.0/0", network, error_));
  CHECK(network.contains(0xffffffff));
}

TEST(Address, SaysWhatIsWrongWithANetwork) {
  Ipv4Network network;
  for (const char* text :
       {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.7/24", "10.0.0/8", "::1", "10.0.0.0/8/8", "*"}) {
    error_.clear();
    CHECK_FALSE_TEXT(parse_ipv4_network(text, network, error_), text);
    CHECK_FALSE(error_.empty());
  }
}

TEST(Address, KnowsWhatAnOriginIs) {
  for (const char* text : {"http://a", "https://intranet.example", "http://10.0.0.7:8080",
                           "https://a:80", "http://x-y.z:443"}) {
    CHECK_TEXT(check_origin(text, error_), text);
  }
  for (const char* text :
       {"", "null", "intranet.example", "ftp://a", "http://", "http://a/", "http://a/b", "http://A",
        "http://a:", "http://a:0", "http://a:65536", "http://a:80", "https://a:443", "http://a b",
        "http://*", "http://u@a"}) {
    error_.clear();
    CHECK_FALSE_TEXT(check_origin(text, error_), text);
    CHECK_FALSE(error_.empty());
  }
}
