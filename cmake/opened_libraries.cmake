# Read by cpack: the package depends on the libraries that the program opens on first use. Their names stand in it, and it is not
# linked with them. Which package holds each is asked of dpkg, so that a later Debian's names are right as well.
if(CPACK_GENERATOR STREQUAL "DEB")
  execute_process(COMMAND objdump -p ${CPACK_LEAFSEAL_PROGRAM} OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
  file(STRINGS ${CPACK_LEAFSEAL_PROGRAM} names REGEX "lib[a-z0-9]+[.]so[.][0-9]+$")
  foreach(name ${names})
    string(REGEX MATCH "lib[a-z0-9]+[.]so[.][0-9]+$" soname "${name}")
    if(headers MATCHES "NEEDED +${soname}\n" OR soname MATCHES "^libpq[.]")  # which few need: it is only suggested
      continue()
    endif()
    execute_process(COMMAND dpkg-query -S "*/${CPACK_LEAFSEAL_ARCHITECTURE}/${soname}" OUTPUT_VARIABLE owner
                    COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE "[:,].*" "" owner "${owner}")
    list(APPEND packages ${owner})
  endforeach()
  list(REMOVE_DUPLICATES packages)
  list(SORT packages)
  list(JOIN packages ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
endif()
