# What `cmake --install` lays out beside the program and its man pages, and the Debian package that `cpack` makes of it.
# The package's name and dependencies are Debian's; elsewhere cpack makes a plain archive.
include(GNUInstallDirs)

option(LEAFSEAL_SOPS_LINK "install the name `sops` as well; without it `cmake --install BUILD --component sops` does" OFF)
set(LEAFSEAL_MAINTAINER "leafseal developers <maintainers@leafseal.invalid>" CACHE STRING
    "name and address in the Debian package")

install(TARGETS leafseal RUNTIME)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES README.md CHANGELOG.md SECURITY.md .sops.yaml.example DESTINATION ${CMAKE_INSTALL_DOCDIR})
set(on_request EXCLUDE_FROM_ALL)
if(LEAFSEAL_SOPS_LINK)
  set(on_request)
endif()
install(CODE "file(CREATE_LINK leafseal \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/sops\" SYMBOLIC)"
        COMPONENT sops ${on_request})

# Completions, as the program itself writes them; one built for another machine cannot. Debian's zsh looks for those of
# packages in a folder of its own.
if(NOT CMAKE_CROSSCOMPILING)
  set(completions)
  foreach(shell bash zsh fish powershell)
    set(built ${CMAKE_BINARY_DIR}/completions/${shell})
    add_custom_command(OUTPUT ${built} DEPENDS leafseal VERBATIM
                       COMMAND sh -c "\"$1\" completion \"$2\" >\"$3\"" sh $<TARGET_FILE:leafseal> ${shell} ${built})
    list(APPEND completions ${built})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/completions)
  add_custom_target(completions ALL DEPENDS ${completions})
  set(from ${CMAKE_BINARY_DIR}/completions)
  install(FILES ${from}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME leafseal)
  install(FILES ${from}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME leafseal.fish)
  install(FILES ${from}/powershell DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME leafseal.ps1)
  install(CODE "
    set(folder site-functions)
    if(CMAKE_INSTALL_PREFIX MATCHES \"/usr$\")
      set(folder vendor-completions)
    endif()
    file(INSTALL \"${from}/zsh\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\"
         RENAME _leafseal)")
endif()

find_program(LEAFSEAL_SHLIBDEPS dpkg-shlibdeps)
set(CPACK_GENERATOR TGZ)
if(LEAFSEAL_SHLIBDEPS)
  set(CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGE_CONTACT ${LEAFSEAL_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "keep secrets in files: values encrypted, keys and layout readable")
set(CPACK_PACKAGE_DESCRIPTION
    "leafseal edits YAML, JSON, dotenv, INI and binary files with encrypted values for age and PGP recipients.\nIt reads and writes the format of SOPS, with the same commands, and never disturbs a byte that it did not have to change.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_SOURCE_GENERATOR "")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/opened_libraries.cmake)  # adds what dpkg-shlibdeps does not see
set(CPACK_LEAFSEAL_PROGRAM ${CMAKE_BINARY_DIR}/leafseal)
set(CPACK_LEAFSEAL_ARCHITECTURE ${CMAKE_LIBRARY_ARCHITECTURE})
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS gnupg)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "age, git, libpq5")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
if(LEAFSEAL_SOPS_LINK)
  set(CPACK_DEBIAN_PACKAGE_PROVIDES sops)
  set(CPACK_DEBIAN_PACKAGE_CONFLICTS sops)
endif()
include(CPack)
