#include "recipients/age_plugin.hpp"

#include <algorithm>
#include <functional>

#include "base/base64.hpp"
#include "base/process.hpp"
#include "recipients/age_bech32.hpp"
#include "recipients/age_primitives.hpp"
#include "recipients/age_stanza.hpp"

namespace leafseal::age {
namespace {

bool is_plugin_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string text_of_body(const Stanza& stanza) { return quoted(stanza.body, 4096); }

// One conversation with a plugin. What it may ask of the user at any time (spec: recipients.md 3.6, "either") is
// answered here; the rest goes to the two classes below.
class Conversation {
 public:
  Conversation(const std::string& name, const std::string& protocol, const Environment& environment)
      : name_(name),
        environment_(environment),
        pipe_(start(name, protocol, environment), options(environment), environment) {
    pipe_.on_silence = [this] { say("waiting on " + name_ + " plugin..."); };
  }

  void send(const Stanza& stanza) {
    std::string text;
    append_stanza(stanza, text);
    pipe_.write(text);
    wipe(text.data(), text.size());
  }
  void send(std::string type, std::vector<std::string> arguments = {}) {
    send(Stanza{std::move(type), std::move(arguments), {}});
  }

  // Hands every stanza that carries a result to `take`, until the plugin is done. `take` returns whether it knows it.
  void listen(const std::function<bool(Stanza&)>& take) {
    for (;;) {
      Stanza stanza = receive();
      if (stanza.type == "done") return;
      if (stanza.type == "error") {
        send("ok");
        throw failure(text_of_body(stanza));
      }
      if (take(stanza))
        send("ok");
      else if (!answer(stanza))
        send("unsupported");
    }
  }

 private:
  static std::vector<std::string> start(const std::string& name, const std::string& protocol,
                                        const Environment& environment) {
    const std::string program = find_program("age-plugin-" + name, environment);
    if (program.empty())
      throw failure("couldn't start plugin: \"" + name + "\" plugin not found: exec: \"age-plugin-" + name +
                    "\": executable file not found in $PATH");
    return {program, "--age-plugin=" + protocol};
  }

  static ChildOptions options(const Environment& environment) {
    ChildOptions options;
    options.directory = environment.variable("TMPDIR").value_or("/tmp");
    options.discard_errors = environment.variable("AGEDEBUG") != "plugin";
    return options;
  }

  Stanza receive() {
    StanzaParser parser;
    for (;;) {
      std::optional<std::string> line = pipe_.read_line();
      if (!line) throw failure("failed to read line: EOF");
      const bool complete = parser.add(*line);
      wipe(line->data(), line->size());
      if (complete) return parser.take();
    }
  }

  bool answer(const Stanza& stanza) {
    if (stanza.type == "msg") {
      say(name_ + " plugin: " + text_of_body(stanza));
      send("ok");
    } else if (stanza.type == "request-secret") {
      const auto secret = environment_.ask_secret ? environment_.ask_secret(text_of_body(stanza) + " ") : std::nullopt;
      reply(secret ? std::optional(std::string(secret->view())) : std::nullopt);
    } else if (stanza.type == "request-public") {
      reply(ask(text_of_body(stanza)));
    } else if (stanza.type == "confirm") {
      confirm(stanza);
    } else {
      return false;
    }
    return true;
  }

  void reply(std::optional<std::string> value) {
    if (!value) return send("fail");
    Stanza stanza{"ok", {}, std::move(*value)};
    send(stanza);
    wipe(stanza.body.data(), stanza.body.size());
  }

  void confirm(const Stanza& stanza) {
    const auto malformed = [](const char* why) { return failure(std::string("malformed confirm stanza: ") + why); };
    if (stanza.arguments.empty() || stanza.arguments.size() > 2) throw malformed("unexpected number of arguments");
    const auto yes = decode_argument(stanza.arguments[0]);
    if (!yes) throw malformed("invalid YES option encoding");
    const auto no = stanza.arguments.size() == 2 ? decode_argument(stanza.arguments[1]) : std::string();
    if (!no) throw malformed("invalid NO option encoding");

    const std::string question = text_of_body(stanza);
    if (stanza.arguments.size() == 1) {
      const auto enter = ask(question + " (press enter for \"" + quoted(*yes) + "\")");
      return enter ? send("ok", {"yes"}) : send("fail");
    }
    for (;;) {
      const auto choice = ask(question + " (enter 1 for \"" + quoted(*yes) + "\" or 2 for \"" + quoted(*no) + "\")");
      if (!choice) return send("fail");
      if (choice == "1") return send("ok", {"yes"});
      if (choice == "2") return send("ok", {"no"});
    }
  }

  std::optional<std::string> ask(const std::string& question) const {
    return environment_.ask ? environment_.ask(question + " ") : std::nullopt;
  }

  void say(const std::string& text) const {
    if (environment_.err) environment_.err(environment_.program + ": " + text + "\n");
  }

  const std::string name_;
  const Environment& environment_;
  ChildPipe pipe_;
};

// The one file key of a conversation has the index 0.
void require_index(const Stanza& stanza, const char* what) {
  if (stanza.arguments.empty() || stanza.arguments[0] != "0")
    throw failure(std::string("malformed ") + what + " stanza: unexpected index");
}

template <class Work>
auto naming_plugin(const std::string& name, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw error.under(error.code(), name + " plugin: ");
  }
}

class PluginPublicKey : public PublicKey {
 public:
  PluginPublicKey(std::string name, std::string text, const Environment& environment)
      : name_(std::move(name)), text_(std::move(text)), environment_(environment) {}

  std::vector<Stanza> wrap(Bytes file_key) const override {
    return naming_plugin(name_, [&] { return ask_plugin(file_key); });
  }

 private:
  std::vector<Stanza> ask_plugin(Bytes file_key) const {
    Conversation plugin(name_, "recipient-v1", environment_);
    plugin.send("add-recipient", {text_});
    Stanza request{"wrap-file-key", {}, std::string(text_of(file_key))};
    plugin.send(request);
    wipe(request.body.data(), request.body.size());
    plugin.send("extension-labels");
    plugin.send("done");

    std::vector<Stanza> stanzas;
    bool labels = false;
    plugin.listen([&](Stanza& stanza) {
      if (stanza.type == "labels") {
        if (labels) throw failure("repeated labels stanza");
        labels = true;
        return true;
      }
      if (stanza.type != "recipient-stanza") return false;
      if (stanza.arguments.size() < 2) throw failure("malformed recipient stanza: unexpected argument count");
      require_index(stanza, "recipient");
      stanzas.push_back({std::move(stanza.arguments[1]),
                         {stanza.arguments.begin() + 2, stanza.arguments.end()},
                         std::move(stanza.body)});
      return true;
    });
    if (stanzas.empty()) throw failure("received zero recipient stanzas");
    return stanzas;
  }

  std::string name_;
  std::string text_;
  const Environment& environment_;
};

class PluginIdentity : public Identity {
 public:
  PluginIdentity(std::string name, SecretBytes text, const Environment& environment)
      : name_(std::move(name)), text_(std::move(text)), environment_(environment) {}

  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override {
    return naming_plugin(name_, [&] { return ask_plugin(stanzas); });
  }
  Need needs() const override { return Need::program; }
  std::string name() const override { return "identity of the plugin " + name_; }

 private:
  std::optional<SecretBytes> ask_plugin(std::span<const Stanza> stanzas) const {
    Conversation plugin(name_, "identity-v1", environment_);
    plugin.send("add-identity", {std::string(text_.view())});
    for (const Stanza& stanza : stanzas) {
      Stanza sent{"recipient-stanza", {"0", stanza.type}, stanza.body};
      sent.arguments.insert(sent.arguments.end(), stanza.arguments.begin(), stanza.arguments.end());
      plugin.send(sent);
    }
    plugin.send("done");

    std::optional<SecretBytes> file_key;
    plugin.listen([&](Stanza& stanza) {
      if (stanza.type != "file-key") return false;
      if (stanza.arguments.size() != 1) throw failure("malformed file-key stanza: unexpected arguments count");
      require_index(stanza, "file-key");
      if (file_key) throw failure("received duplicated file-key stanza");
      file_key = SecretBytes::copy_of(stanza.body);
      wipe(stanza.body.data(), stanza.body.size());
      return true;
    });
    return file_key;
  }

  std::string name_;
  SecretBytes text_;
  const Environment& environment_;
};

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string checked_name(std::string_view name) {
  if (!is_plugin_name(name)) throw failure("invalid plugin name: \"" + quoted(name) + "\"");
  return lower_case(std::string(name));
}

}  // namespace

std::unique_ptr<PublicKey> parse_plugin_recipient(std::string_view text, const Environment& environment) {
  std::string why;
  const auto decoded = decode_bech32(text, &why);
  if (!decoded) throw failure("invalid recipient encoding: " + why);
  constexpr std::string_view prefix = "age1";
  if (!decoded->prefix.starts_with(prefix)) throw failure("not a plugin recipient");
  return std::make_unique<PluginPublicKey>(checked_name(std::string_view(decoded->prefix).substr(prefix.size())),
                                           std::string(text), environment);
}

std::unique_ptr<Identity> parse_plugin_identity(std::string_view text, const Environment& environment) {
  std::string why;
  const auto decoded = decode_bech32(text, &why);
  if (!decoded) throw failure("invalid identity encoding: " + why);
  constexpr std::string_view begin = "AGE-PLUGIN-";
  std::string_view name = decoded->prefix;
  if (!name.starts_with(begin) || !name.ends_with('-') || name.size() <= begin.size())
    throw failure("not a plugin identity");
  name = name.substr(begin.size(), name.size() - begin.size() - 1);
  return std::make_unique<PluginIdentity>(checked_name(name), SecretBytes::copy_of(text), environment);
}

}  // namespace leafseal::age
