#compdef rdsiam
# zsh completion of rdsiam
_rdsiam() {
  local -a lines pairs
  local line index=1 dashes
  lines=("${(@f)$(print -rl -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" | command rdsiam __complete 2>/dev/null)}")
  case $lines[1] in
    files | folders)
      compset -p ${#lines[2]}
      if [[ $lines[1] == files ]]; then _files; else _files -/; fi
      ;;
    command)
      for ((dashes = lines[2]; dashes > 0; dashes--)); do
        while [[ $words[++index] != -- ]]; do :; done
      done
      shift $index words
      ((CURRENT -= index))
      _normal
      ;;
    words)
      for line in "${(@)lines[3,-1]}"; do
        pairs+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
      done
      _describe -t rdsiam rdsiam pairs
      ;;
  esac
}
if [[ $funcstack[1] == _rdsiam ]]; then _rdsiam "$@"; else compdef _rdsiam rdsiam; fi
