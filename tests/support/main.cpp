// The one object that holds Catch2's main: it takes long to compile and every test executable shares it.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
