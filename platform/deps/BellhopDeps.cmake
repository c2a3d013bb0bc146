# The libraries Bellhop stands on, as imported targets:
#
#   deps::websockets  deps::mbedtls  deps::avahi-core      from build/deps/<BELLHOP_TARGET>
#   deps::sqlite3  deps::cjson  deps::prometheus  deps::tomlplusplus
#   deps::cpputest                                        with BELLHOP_TESTS only
#       Debian's own for the host, from build/deps/<BELLHOP_TARGET> for a box
#
# and deps_web, the folder of the browser's packages (platform/deps/web).
#
# Input: BELLHOP_TARGET (default host), BELLHOP_TESTS. What is missing is named in one message.

if(NOT BELLHOP_TARGET)
  set(BELLHOP_TARGET host)
endif()
cmake_path(SET deps_root NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../..")
set(deps_prefix ${deps_root}/build/deps/${BELLHOP_TARGET})
set(deps_missing_packages "")
set(deps_missing "")
set(deps_build_missing NO)

# A box gets nothing that lies in this machine's folders, and names no Debian package as missing.
set(deps_find "")
if(NOT BELLHOP_TARGET STREQUAL host)
  set(deps_find PATHS ${deps_prefix}/include ${deps_prefix}/lib
      NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
endif()

# deps_found(<name> PACKAGE <package> HEADER <header> [LIBRARIES <names>])
# defines deps::<name>, or notes the Debian package that is missing.
function(deps_found name)
  cmake_parse_arguments(ARG "" "PACKAGE;HEADER" "LIBRARIES" ${ARGN})
  find_path(deps_${name}_include ${ARG_HEADER} ${deps_find})
  mark_as_advanced(deps_${name}_include)
  set(found ${deps_${name}_include})
  set(files "")
  foreach(library IN LISTS ARG_LIBRARIES)
    find_library(deps_${library}_library ${library} ${deps_find})
    mark_as_advanced(deps_${library}_library)
    list(APPEND files ${deps_${library}_library})
    if(NOT deps_${library}_library)
      set(found NO)
    endif()
  endforeach()
  if(NOT found)
    list(APPEND deps_missing_packages ${ARG_PACKAGE})
    set(deps_missing_packages ${deps_missing_packages} PARENT_SCOPE)
    return()
  endif()
  add_library(deps::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(deps::${name} SYSTEM INTERFACE ${deps_${name}_include})
  target_link_libraries(deps::${name} INTERFACE ${files})
endfunction()

# deps_built_here(<name> <library> [<needed target>...]): what platform/deps/build has installed, as
# a static library of its own, so that CMake puts it in front of what it needs.
function(deps_built_here name library)
  set(file ${deps_prefix}/lib/lib${library}.a)
  if(NOT EXISTS ${file} OR NOT EXISTS ${deps_prefix}/.ready)
    return()
  endif()
  add_library(deps::${name} STATIC IMPORTED GLOBAL)
  set_target_properties(deps::${name} PROPERTIES IMPORTED_LOCATION ${file})
  target_include_directories(deps::${name} SYSTEM INTERFACE ${deps_prefix}/include)
  target_link_libraries(deps::${name} INTERFACE ${ARGN})
endfunction()

deps_built_here(mbedcrypto mbedcrypto)
deps_built_here(mbedx509 mbedx509 deps::mbedcrypto)
deps_built_here(mbedtls mbedtls deps::mbedx509)
deps_built_here(websockets websockets deps::mbedtls)
deps_built_here(avahi-common avahi-common)
deps_built_here(avahi-core avahi-core deps::avahi-common)
if(TARGET deps::websockets AND TARGET deps::mbedtls AND TARGET deps::avahi-core)
  # The layout of mbedTLS's structs depends on its configuration: everyone must see the same one.
  target_compile_definitions(deps::mbedtls INTERFACE
    MBEDTLS_CONFIG_FILE="bellhop_mbedtls_config.h")
else()
  set(deps_build_missing YES)
endif()

set(deps_web ${deps_root}/build/deps/web/node_modules)
if(NOT EXISTS ${deps_root}/build/deps/web/.ready)
  string(APPEND deps_missing "\n  the browser's packages: run platform/deps/web")
endif()

deps_found(sqlite3 PACKAGE libsqlite3-dev HEADER sqlite3.h LIBRARIES sqlite3)
deps_found(cjson PACKAGE libcjson-dev HEADER cjson/cJSON.h LIBRARIES cjson)
deps_found(prometheus PACKAGE prometheus-cpp-dev HEADER prometheus/text_serializer.h
           LIBRARIES prometheus-cpp-core)
deps_found(tomlplusplus PACKAGE libtomlplusplus-dev HEADER toml++/toml.h)
if(TARGET deps::tomlplusplus)
  target_compile_definitions(deps::tomlplusplus INTERFACE TOML_EXCEPTIONS=0 TOML_HEADER_ONLY=1)
endif()
if(BELLHOP_TESTS)
  deps_found(cpputest PACKAGE libcpputest-dev HEADER CppUTest/TestHarness.h
             LIBRARIES CppUTest CppUTestExt)
endif()

if(NOT BELLHOP_TARGET STREQUAL host AND deps_missing_packages)
  set(deps_build_missing YES)
elseif(deps_missing_packages)
  list(JOIN deps_missing_packages " " deps_packages)
  string(APPEND deps_missing "\n  Debian packages: apt-get install ${deps_packages}")
endif()
if(deps_build_missing)
  string(APPEND deps_missing
    "\n  libraries for '${BELLHOP_TARGET}': run platform/deps/build ${BELLHOP_TARGET}")
endif()
if(deps_missing)
  message(FATAL_ERROR "Bellhop's dependencies are not complete:${deps_missing}")
endif()
