#include "cli/completion_scripts.hpp"

#include <string_view>

namespace leafseal::cli {
namespace {

// PROGRAM stands for the program's name.
constexpr std::string_view bash_script =
    R"script(# bash completion for PROGRAM: source it, or put it into a directory of bash-completion's.
_PROGRAM_complete() {
  local program=${COMP_WORDS[0]} typed=${COMP_WORDS[COMP_CWORD]} line
  case $program in "~/"*) program=$HOME/${program#"~/"} ;; esac
  local before=("${COMP_WORDS[@]:1:COMP_CWORD-1}") after=("${COMP_WORDS[@]:COMP_CWORD+1}")
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <("$program" __complete bash "${#before[@]}" "=$typed" "${before[@]}" "${after[@]}" 2>/dev/null)
}
complete -o bashdefault -o default -F _PROGRAM_complete PROGRAM
)script";

constexpr std::string_view zsh_script = R"script(#compdef PROGRAM
# zsh completion for PROGRAM: put it into a directory of $fpath as _PROGRAM, or source it after compinit.
_PROGRAM() {
  local typed=$PREFIX line text
  local -a before after lines texts shown plain
  [[ -n ${compstate[quote]} ]] || typed=${(Q)PREFIX}
  before=("${(@Q)words[2,CURRENT-1]}")
  after=("${(@Q)words[CURRENT+1,-1]}")
  (( CURRENT > 2 )) || before=()
  lines=("${(@f)$(${(Q)words[1]} __complete zsh ${#before} "=$typed" "${before[@]}" "${after[@]}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    text=${line%%$'\t'*}
    [[ -n $text ]] || continue
    texts+=("$text")
    shown+=("$text${line:${#text}}")
  done
  if (( ! ${#texts} )); then
    _files
    return
  fi
  shown=("${(@)shown//$'\t'/  -- }")
  if [[ -z ${compstate[quote]}$PREFIX && $texts[1] == *'['* ]]; then
    compadd -Q -l -d shown -- "${(@qq)texts}"
  else
    compadd -l -d shown -- "${texts[@]}"
  fi
}
if [[ $funcstack[1] == _PROGRAM ]]; then
  _PROGRAM "$@"
else
  compdef _PROGRAM PROGRAM
fi
)script";

constexpr std::string_view fish_script =
    R"script(# fish completion for PROGRAM: put it into ~/.config/fish/completions/PROGRAM.fish
function __PROGRAM_complete
    set -l before (commandline -opc)
    set -l all (commandline -op)
    set -l typed (commandline -ct)
    set -l count (count $before)
    set -l behind (math $count + 1)
    test -n "$typed"; and set behind (math $behind + 1)
    set -l after
    test (count $all) -ge $behind; and set after $all[$behind..-1]
    set -l found ($before[1] __complete fish (math $count - 1) "=$typed" $before[2..-1] $after 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (string unescape -- $typed)
    end
end
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
)script";

constexpr std::string_view powershell_script = R"script(# PowerShell completion for PROGRAM: add it to $PROFILE.
Register-ArgumentCompleter -Native -CommandName PROGRAM -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $start = $cursorPosition - $wordToComplete.Length
    $words = @($commandAst.CommandElements | Select-Object -Skip 1)
    $value = { param($word) if ($null -ne $word.Value) { "$($word.Value)" } else { "$word" } }
    $before = @($words | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -and $_.Extent.StartOffset -lt $start } |
        ForEach-Object { & $value $_ })
    $after = @($words | Where-Object { $_.Extent.StartOffset -gt $cursorPosition } | ForEach-Object { & $value $_ })
    & PROGRAM __complete powershell $before.Count "=$wordToComplete" @before @after 2>$null | ForEach-Object {
        $text, $description = $_ -split "`t", 2
        $inserted = if ($text -match '[\[\s]') { '"' + $text + '"' } else { $text }
        if (-not $description) { $description = $text }
        [System.Management.Automation.CompletionResult]::new($inserted, $text, 'ParameterValue', $description)
    }
}
)script";

std::string for_program(std::string_view script, const std::string& program) {
  constexpr std::string_view placeholder = "PROGRAM";
  std::string text(script);
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + program.size())) {
    text.replace(at, placeholder.size(), program);
  }
  return text;
}

}  // namespace

std::string bash_completion(const std::string& program) { return for_program(bash_script, program); }
std::string zsh_completion(const std::string& program) { return for_program(zsh_script, program); }
std::string fish_completion(const std::string& program) { return for_program(fish_script, program); }
std::string powershell_completion(const std::string& program) { return for_program(powershell_script, program); }

}  // namespace leafseal::cli
