# cmake --install: the program as a service of a Debian machine. Everything but the configuration is
# replaced by an update; that is written only where there is none, and its new defaults stand beside
# the other documents.
include(GNUInstallDirs)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/bellhop)
set(defaults ${CMAKE_BINARY_DIR}/bellhop.toml)
set(configuration ${CMAKE_INSTALL_FULL_SYSCONFDIR}/bellhop)

add_custom_command(OUTPUT ${defaults} DEPENDS bellhop VERBATIM
  COMMAND bellhop --print-defaults > ${defaults})
add_custom_target(bellhop-defaults ALL DEPENDS ${defaults})
configure_file(${CMAKE_CURRENT_LIST_DIR}/bellhop.service.in ${CMAKE_BINARY_DIR}/bellhop.service @ONLY)

install(TARGETS bellhop RUNTIME)
install(FILES ${CMAKE_BINARY_DIR}/bellhop.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/bellhop.sysusers DESTINATION lib/sysusers.d
  RENAME bellhop.conf)
install(FILES LICENSE README.md README.zh.md CHANGELOG.md ${defaults} DESTINATION ${documents})
install(CODE "
  if(NOT EXISTS \"\$ENV{DESTDIR}${configuration}/bellhop.toml\")
    file(INSTALL \"${defaults}\" DESTINATION \"${configuration}\")
  endif()")
