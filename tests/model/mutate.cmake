# Plants one bug: cmake -DNAME=... -DSOURCE_DIR=src/gateway -DOUTPUT=file -P mutate.cmake
# One that does not apply any more, because the source has changed, is an error: fit it again. It
# must show as a difference, neither as a crash nor as a hang.

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

# --- Presence and calls --------------------------------------------------------------------------

mutant(evict_newest users.cpp
  "user.last_seen < users_[oldest].last_seen" "user.last_seen > users_[oldest].last_seen")
mutant(first_name_stays users.cpp "user.name.view() != name &&" "user.name.empty() &&")
mutant(never_seen users.cpp
  "if (--user.terminals == 0) {
    user.last_seen = now;" "if (--user.terminals == 0) {")
mutant(cancels_itself users.cpp "if (links_[i].session != but)" "")
mutant(unreported_unlist users.cpp
  "listed_.erase(user);
  changed_.mark(user);" "listed_.erase(user);")
mutant(grace_goes_on presence.cpp "grace_.disarm(user);
  has_" "has_")
mutant(list_twice presence.cpp "if (has_[session.index] != version_) behind_" "behind_")
mutant(no_interval presence.cpp "next_list_ = std::max(next_list_, soonest);" "")
mutant(newcomer_waits presence.cpp "if (has_[session.index] != version_) send(" "if (false) send(")
mutant(no_budget presence.cpp "next_list_ = std::max(next_list_, now.now) + cost;" "")
mutant(list_lost presence.cpp "list_due_ = true;  // no memory" "// no memory")
mutant(accepted_rings_on calls.cpp "call.accepted = now;
  ring_due_.disarm(slot);" "call.accepted = now;")
mutant(offline_not_missed calls.cpp " || how == CallEnd::offline) miss" ") miss")
mutant(cancelled_unseen switchboard_calls.cpp "calls_.miss(call.slot);" ";")
mutant(unreported_told calls.cpp "missed_.erase(slot);
  changed_.mark(slot);" "missed_.erase(slot);")
mutant(short_memory calls.cpp "tail.size() > text.size()" "tail.size() >= text.size()")
mutant(false_sender switchboard.cpp "*event.sender != users_.id(relay.sender)" "false")
mutant(no_grace switchboard.cpp "if (farewell == Farewell::lost)" "if (false)")
mutant(missed_in_vain switchboard.cpp ".value_or(0) == 0) return;" ".value_or(0) > 99) return;")
mutant(left_without_receipt switchboard.cpp "return effects_.close(origin.session);" "return;")
mutant(caller_accepts switchboard_calls.cpp
  "role == Role::callee && call->callee != relay.sender" "false")
mutant(rings_elsewhere switchboard_calls.cpp
  "silence_others(relay, *call, \"accepted_elsewhere\");" "")
mutant(oldest_call switchboard_calls.cpp "call.id > newest->id" "call.id < newest->id")
mutant(vain_ring_ends switchboard_calls.cpp "terminals == 0 && ringing == nullptr;" "terminals == 0;")
mutant(talks_on switchboard_calls.cpp "end_earlier_calls(relay);\n  const" "const")
mutant(wrong_one_told switchboard_calls.cpp
  "caller_went ? call.callee : call.caller" "caller_went ? call.caller : call.callee")
mutant(ring_not_renewed switchboard_calls.cpp "calls_.ring_again(slot, relay.now);" ";")
mutant(rings_for_good switchboard_calls.cpp " || call.state != CallState::ringing) continue;" ") continue;")
mutant(id_of_a_call switchboard.cpp ": calls_.take_id());" ": 1);")
