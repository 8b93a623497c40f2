# leafseal_layer(NAME USES layers... LINK libraries...): one static library for src/NAME. A folder's files are found by
# glob, so adding a file needs no edit here.
function(leafseal_layer name)
  cmake_parse_arguments(ARG "" "" "USES;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(leafseal_${name} STATIC ${sources})
  target_include_directories(leafseal_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  foreach(layer ${ARG_USES})
    target_link_libraries(leafseal_${name} PUBLIC leafseal_${layer})
  endforeach()
  target_link_libraries(leafseal_${name} PUBLIC ${ARG_LINK})
  leafseal_flags(leafseal_${name})
endfunction()

function(leafseal_flags target)
  target_compile_options(${target} PRIVATE ${LEAFSEAL_WARNINGS})
  target_compile_options(${target} PRIVATE ${LEAFSEAL_HARDENING} ${LEAFSEAL_SANITIZERS})
  target_link_options(${target} PRIVATE ${LEAFSEAL_HARDENING_LINK} ${LEAFSEAL_SANITIZERS})
endfunction()
