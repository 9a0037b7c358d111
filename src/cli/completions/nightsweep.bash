# Completion of nightsweep for bash. In ~/.bashrc:
#   source <(nightsweep completion bash)

_nightsweep() {
  local current=${COMP_WORDS[COMP_CWORD]} value rest ending path
  # bash takes the "=" of --db=FILE for a word of its own.
  [[ $current == = ]] && current=
  COMPREPLY=()
  while IFS=$'\t' read -r value rest; do
    if [[ $value == :files ]]; then
      for ending in $rest; do
        while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -f -X "!*.$ending" -- "$current")
      done
      while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen -d -- "$current")
      # Quotes names, and puts a slash behind folders; bash 3.2 does not know it.
      type compopt &>/dev/null && compopt -o filenames
    else
      COMPREPLY+=("$value")
    fi
  done < <("$1" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _nightsweep nightsweep
