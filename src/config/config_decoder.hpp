// Reads typed values out of the tree of a `.sops.yaml`, as leniently and as strictly as the reference's library: what
// does not fit is noted and reading goes on, so that one error tells all problems (spec: config.md 2).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_yaml.hpp"
#include "leafseal/creation_rules.hpp"

namespace leafseal::config {

struct Field {
  std::string_view name;
  const YamlNode* key = nullptr;
  const YamlNode* value = nullptr;
};

struct Remark {
  Place place;
  std::string text;
};

class Decoder {
 public:
  explicit Decoder(const YamlTree& tree) : tree_(tree) {}

  // The fields of a map, merges (`<<`) included. Notes names that are not `known`; with `open_ended` only where a
  // known one is near. Nothing if `node` is no map or names a field twice; `type` is the reference's name of the type.
  std::vector<Field> fields(const YamlNode& node, std::string_view type, std::span<const std::string_view> known,
                            bool open_ended = false);
  // The items of a list, without nulls.
  std::vector<const YamlNode*> items(const YamlNode& node, std::string_view type);
  std::string text(const YamlNode& node);
  std::vector<std::string> texts(const YamlNode& node);
  long long number(const YamlNode& node, long long if_null);
  bool flag(const YamlNode& node, bool if_null);
  // A value of any type: only its maps are checked for names that stand twice.
  void any(const YamlNode& node);

  void fail(const YamlNode& node, const std::string& problem);
  // Throws Error{generic} with all problems, if there were any.
  void finish() const;
  const std::vector<Remark>& problems() const { return problems_; }
  const std::vector<Remark>& unknown_keys() const { return unknown_; }

 private:
  void count_step(const YamlNode& node);
  void mismatch(const YamlNode& node, std::string_view type);
  bool names_differ(const YamlNode& map);
  void push_merged(const YamlNode& merge, std::vector<const YamlNode*>& pending);
  void note_unknown(const Field& field, std::span<const std::string_view> known, bool open_ended);

  const YamlTree& tree_;
  std::vector<Remark> problems_;
  std::vector<Remark> unknown_;
  std::size_t steps_ = 0;
};

}  // namespace leafseal::config
