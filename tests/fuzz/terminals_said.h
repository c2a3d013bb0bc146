#pragma once
// What terminals and pages say, before it is edited.
#include <string_view>

namespace bellhop::fuzz {

// `#` becomes the id of the sender, `@` that of a call under way, `!` who is at its other end.
inline constexpr std::string_view kSaid[] = {
    "heart check",
    R"({"Sender":"#","Receiver":"1","SendTime":"","Type":"Event",)"
    R"("Message":{"Event":"Call","Data":{"sender":"甲","type":"呼叫","receiver":"乙"}}})",
    R"({"Type":"Event","Receiver":"0","Message":{"Event":"Call"}})",
    R"({"Type":"Event","Receiver":2,"Message":{"Event":"Call","Data":null}})",
    R"({"Type":"Event","Receiver":"w1","Message":{"Event":"Call","Data":{"type":"呼叫"}}})",
    R"({"Type":"Event","Receiver":"w0","Id":"@","Message":{"Event":"Accept","Data":{}}})",
    R"({"Type":"Event","Receiver":"w1","Id":"@","Message":{"Event":"Hangup","Data":{}}})",
    R"({"Type":"Event","Receiver":"!","Message":{"Event":"Accept","Data":{}}})",
    R"({"Type":"Event","Receiver":"!","Id":"@","Message":{"Event":"Accept","Data":{}}})",
    R"({"Type":"Event","Receiver":"!","Id":"@","Message":{"Event":"Decline","Data":{}}})",
    R"({"Type":"Event","Receiver":"!","Id":"@","Message":{"Event":"Cancel","Data":{}}})",
    R"({"Type":"Event","Receiver":"!","Message":{"Event":"Hangup","Data":{}}})",
    R"({"Type":"Event","Receiver":"nobody","SendTime":"2020-08-06T16:32:22.3224288+08:00",)"
    R"("Message":{"Event":"Call","Data":1}})",
    R"({"Type":"Event","Receiver":"2","Message":{"Event":"offer","Data":{"sdp":"v=0\r\n"}}})",
    R"({"Sender":"2","Type":"Event","Receiver":"1","Message":{"Event":"Call","Data":{}}})",
    R"({"Type":"Chat","Message":[]})",
    R"({"Type":"Event","Receiver":"1","Message":{"Data":{},"Event":"C\u0061ll","Data":null}})",
};
// Pages say the same inside a packet, and these.
inline constexpr std::string_view kSaidByPages[] = {"40",
                                                    R"(40{"token":"0"})",
                                                    R"(40{"token":"bad"})",
                                                    "41",
                                                    "1",
                                                    "3",
                                                    R"(42["loginRoom",{"id":"456"}])",
                                                    R"(427["logoutRoom","456"])",
                                                    R"(42["Event"])"};

}  // namespace bellhop::fuzz
