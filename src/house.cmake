# How every library of the house is built. A folder sees only its own headers and those of the
# folders it links: each library exports build/include/<folder>/, which holds nothing but a link to
# that folder, so an include that the link list does not allow does not build.

add_library(bellhop_warnings INTERFACE)
target_compile_options(bellhop_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wformat=2 -Werror
  -Wno-missing-field-initializers
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast>)

add_library(bellhop_language INTERFACE)
target_compile_options(bellhop_language INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti> -ffunction-sections -fdata-sections)
target_link_options(bellhop_language INTERFACE -Wl,--gc-sections)

# bellhop_library(<folder> SOURCES <files> [USES <folders>] [LINKS <other targets>])
function(bellhop_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  set(directory ${CMAKE_CURRENT_SOURCE_DIR})
  set(exported ${CMAKE_BINARY_DIR}/include/${folder})
  file(MAKE_DIRECTORY ${exported})
  file(CREATE_LINK ${directory} ${exported}/${folder} SYMBOLIC)

  list(TRANSFORM ARG_USES PREPEND bellhop_ OUTPUT_VARIABLE uses)
  if(ARG_SOURCES)
    add_library(bellhop_${folder} STATIC ${ARG_SOURCES})
    target_include_directories(bellhop_${folder} PUBLIC ${exported})
    target_link_libraries(bellhop_${folder}
      PUBLIC bellhop_language ${uses} ${ARG_LINKS} PRIVATE bellhop_warnings)
  else()
    add_library(bellhop_${folder} INTERFACE)
    target_include_directories(bellhop_${folder} INTERFACE ${exported})
    target_link_libraries(bellhop_${folder} INTERFACE bellhop_language ${uses} ${ARG_LINKS})
  endif()
endfunction()
