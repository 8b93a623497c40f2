// Writes generated documents as files, for tests that drive programs: doc-0000.yaml, doc-0001.yaml ... into a folder.
//
// usage: generate_documents FOLDER FORMAT COUNT SEED
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "support/generate_binary.hpp"
#include "support/generate_dotenv.hpp"
#include "support/generate_ini.hpp"
#include "support/generate_json.hpp"
#include "support/generate_yaml.hpp"

namespace {

using namespace leafseal::test;

struct Generator {
  std::string_view format;
  std::string_view extension;
  Generated (*generate)(Dice&);
};
constexpr Generator generators[] = {{"yaml", "yaml", generate_yaml},
                                    {"json", "json", generate_json},
                                    {"dotenv", "env", generate_dotenv},
                                    {"ini", "ini", generate_ini},
                                    {"binary", "bin", generate_binary}};

std::string file_name(std::size_t number, std::string_view extension) {
  std::string digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return "doc-" + digits + "." + std::string(extension);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: generate_documents FOLDER FORMAT COUNT SEED\n";
    return 2;
  }
  const std::string folder = argv[1];
  for (const Generator& generator : generators) {
    if (generator.format != argv[2]) continue;
    Dice dice(std::stoull(argv[4]));
    for (std::size_t i = 0; i < std::stoull(argv[3]); ++i) {
      std::ofstream(folder + "/" + file_name(i, generator.extension), std::ios::binary) << generator.generate(dice).text;
    }
    return 0;
  }
  std::cerr << "unknown format: " << argv[2] << '\n';
  return 2;
}
