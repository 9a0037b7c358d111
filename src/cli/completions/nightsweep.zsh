#compdef nightsweep
# Completion of nightsweep for zsh. In ~/.zshrc, below compinit:
#   source <(nightsweep completion zsh)

_nightsweep() {
  local value rest
  local -a candidates
  while IFS=$'\t' read -r value rest; do
    if [[ $value == :files ]]; then
      compset -P '--*='
      _files -g "*.(${rest// /|})(-.)"
      return
    fi
    candidates+=("${value//:/\\:}:$rest")
  done < <("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe -t candidates candidate candidates
}

if [[ $funcstack[1] == _nightsweep ]]; then
  _nightsweep "$@"
else
  compdef _nightsweep nightsweep
fi
