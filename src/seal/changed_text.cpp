#include "seal/changed_text.hpp"

#include "leafseal/path.hpp"
#include "leafseal/token.hpp"
#include "seal/moved_records.hpp"
#include "seal/reseal.hpp"
#include "seal/token_stash.hpp"

namespace leafseal {

ScalarView ChangedText::view(NodeId scalar) const {
  if (document_ == &opened_.sealed) return {opened_.values[scalar].type, opened_.values[scalar].text};
  if (const Value* value = known_value(scalar)) return {value->type, value->text};
  return {(*document_)[scalar].type, (*document_)[scalar].text};
}

bool ChangedText::is_token(NodeId scalar) const {
  return document_ == &opened_.sealed ? opened_.was_token[scalar] : known_value(scalar) != nullptr;
}

const Value* ChangedText::known_value(NodeId id) const {
  const std::string_view text = (*document_)[id].text;
  if ((*document_)[id].kind != NodeKind::scalar || !looks_like_token(text)) return nullptr;
  if (!listed_) {
    listed_ = true;
    for (NodeId old = 0; old < opened_.was_token.size(); ++old) {
      if (opened_.was_token[old]) known_.emplace(bare_token(opened_.sealed[old].text), opened_.values[old]);
    }
  }
  const auto found = known_.find(std::string(bare_token(text)));
  return found == known_.end() ? nullptr : &found->second;
}

void ChangedText::put_token(NodeId scalar, const Value& value) {
  const std::string token =
      cipher_.seal(value.text, associated_data(path_of(*document_, scalar)), token_type(value.type));
  known_.emplace(token, value);
  replace_token(format_, *document_, scalar, token, edits);
  rewritten_.insert(scalar);
}

void ChangedText::read_back(TypedSpellings typed) {
  if (edits.empty()) return;
  if (!changed_) {
    records_ = read_layout(opened_, cipher_, warn_);
    layout_before_ = encode_layout(records_);
  }
  changed_ = true;
  Document next = format_.parse(apply_edits(document_->source(), edits), ParseMode::sealed);
  records_ = moved_records(records_, *document_, edits, next);
  edits.clear();
  rewritten_.clear();
  next = spelt_as_typed(format_, std::move(next), typed);
  for (TypedSpelling& s : typed) spelt_.push_back(std::move(s.path));
  current_ = std::make_unique<Document>(std::move(next));
  document_ = current_.get();
}

}  // namespace leafseal
