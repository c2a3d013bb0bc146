# What every binary for a box has beyond the host's: one static file, hardened, the same bytes in
# whatever folder it was built, its symbols in a file beside it. Its own code is built with -O2, as for
# the host: beside -Os that is 28 % less work in bellhop-storm, for 5 % more bytes.

if(BELLHOP_TARGET STREQUAL host)
  function(bellhop_box_program program)
  endfunction()
  return()
endif()

# Debian's C library for armhf has no start-up code for static programs that move (rcrt1.o).
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=rcrt1.o
  OUTPUT_VARIABLE movable_start OUTPUT_STRIP_TRAILING_WHITESPACE)
if(IS_ABSOLUTE "${movable_start}")
  set(box_static -static-pie)
  set(box_code -fPIE)
else()
  set(box_static -static -no-pie)
  set(box_code -fno-pie)
endif()

add_compile_options(${box_code} -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  -fstack-protector-strong -D_FORTIFY_SOURCE=2
  -fstack-usage                               # for tests/sizes
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-psabi>)      # a note for each use of what GCC 7.1 passes anew
add_link_options(${box_static} -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--build-id=sha1)

# In front of the C library, in every program.
add_library(bellhop_no_name_service OBJECT ${PROJECT_SOURCE_DIR}/platform/no_name_service.c)
link_libraries(bellhop_no_name_service)

# bellhop_box_program(<target>): strips it, with <target>.debug beside it for gdb.
function(bellhop_box_program program)
  add_custom_command(TARGET ${program} POST_BUILD VERBATIM
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${program}>
            $<TARGET_FILE:${program}>.debug
    COMMAND ${CMAKE_OBJCOPY} --strip-all --add-gnu-debuglink=$<TARGET_FILE:${program}>.debug
            $<TARGET_FILE:${program}>)
endfunction()
