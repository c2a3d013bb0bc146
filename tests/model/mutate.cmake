# Plants one bug: cmake -DNAME=... -DSOURCE_DIR=src/gateway -DOUTPUT=file -P mutate.cmake
# A bug that does not apply any more, because the source has changed, is an error: fit it again.

function(mutant name file from to)
  if(NOT name STREQUAL NAME)
    return()
  endif()
  file(READ ${SOURCE_DIR}/${file} text)
  string(FIND "${text}" "${from}" first)
  string(FIND "${text}" "${from}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "${name}: '${from}' must be in ${file} exactly once")
  endif()
  string(REPLACE "${from}" "${to}" text "${text}")
  file(WRITE ${OUTPUT} "${text}")
endfunction()

# The seed's own server: a room of several members counts as free for loginWhenFirst.
mutant(miscount rooms.cpp
  "member.rule == EntryRule::first)" "member.rule == EntryRule::first && rooms_[room].members == 1)")
mutant(evict_one rooms.cpp "    i = next;" "    i = kNone;")
mutant(evict_self rooms.cpp
  "if (memberships_[i].member.session != stays)" "if (stays.index < 0xffffffff)")
mutant(leave_one_room rooms.cpp
  "while (session_heads_[session.index] != kNone)" "if (session_heads_[session.index] != kNone)")
mutant(never_empty rooms.cpp "  --room.members;" "")
mutant(cut_bucket rooms.cpp "*link = room.next_in_bucket;" "*link = kNone;")
mutant(unreported_leave rooms.cpp "changed_memberships_.mark(membership);" "")
mutant(forget_rule rooms.cpp "memberships_[own].member.rule = member.rule;" "")
mutant(silent_eviction gateway.cpp "if (!evicted.empty())" "if (evicted.size() == 1)")
mutant(half_open gateway.cpp "rooms_.leave_all(session);" "")
mutant(push_to_all gateway.cpp
  "push.room ? rooms_.members(*push.room) : everyone_.span();" "everyone_.span();")
mutant(left_waiting gateway.cpp "for (const SessionId session : to) effects_.close(session);" "")
mutant(silent_kick gateway.cpp "  tell_kicked({&session, 1}, room);" "")
