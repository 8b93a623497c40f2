# What makes a memory error harder to use (security.md B1). A test reads the result from the ELF file.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
set(LEAFSEAL_HARDENING
  -fstack-protector-strong     # canaries where buffers are
  -fstack-clash-protection     # no jumping over the guard page
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>  # indirect branches land where they may
  $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},aarch64>:-mbranch-protection=standard>  # the same there
  -D_GLIBCXX_ASSERTIONS)       # bounds of [] and the like
if(NOT LEAFSEAL_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND LEAFSEAL_HARDENING -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)  # checked string functions; needs optimisation
endif()
set(LEAFSEAL_HARDENING_LINK
  -Wl,-z,relro -Wl,-z,now      # the tables of the dynamic linker are read-only
  -Wl,-z,noexecstack
  -Wl,--as-needed              # fewer shared objects at start
  -static-libstdc++ -static-libgcc)  # two fewer; a third of the start-up time
if(LEAFSEAL_SANITIZE)
  list(REMOVE_ITEM LEAFSEAL_HARDENING_LINK -static-libstdc++ -static-libgcc)
endif()
