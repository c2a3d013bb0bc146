# bellhop_embed(<symbol> <file> <variable>): an assembler source that holds the file's bytes as
# `extern "C" const char <symbol>[]` and its length as `const size_t <symbol>_size`.
function(bellhop_embed symbol file variable)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S)
  set(content "  .section .rodata
  .global ${symbol}
  .global ${symbol}_size
  .balign 16
${symbol}:
  .incbin \"${file}\"
${symbol}_end:
  .byte 0
  .balign 16
${symbol}_size:
#if __SIZEOF_POINTER__ == 8
  .quad ${symbol}_end - ${symbol}
#else
  .long ${symbol}_end - ${symbol}
#endif
  .section .note.GNU-stack,\"\",%progbits
")
  file(CONFIGURE OUTPUT ${source} CONTENT "${content}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
  set(${variable} ${source} PARENT_SCOPE)
endfunction()

# bellhop_embed_page(<symbol> <file> <variable>): the file as <symbol>, and its gzip form, made when
# building, as <symbol>_gzip.
function(bellhop_embed_page symbol file variable)
  set(compressed ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.gz)
  add_custom_command(OUTPUT ${compressed} DEPENDS ${file} VERBATIM
    COMMAND gzip -9 -n -c ${file} > ${compressed})
  bellhop_embed(${symbol} ${file} plain_source)
  bellhop_embed(${symbol}_gzip ${compressed} gzip_source)
  set(${variable} ${plain_source} ${gzip_source} ${compressed} PARENT_SCOPE)
endfunction()
