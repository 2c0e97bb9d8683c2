# bash completion of rdsiam
_rdsiam() {
  local -a words
  local rest=${COMP_LINE:0:COMP_POINT} count=0 index piece cut line kind= detail= seen=0
  rest=${rest#*"${COMP_WORDS[0]}"}
  for ((index = 1; index <= COMP_CWORD; index++)); do
    piece=${COMP_WORDS[index]}
    if ((index == COMP_CWORD)) && [[ ! $piece =~ ^[=:]+$ ]]; then piece=$2; fi
    if ((index == 1)) || [[ $rest == [[:space:]]* ]]; then
      words[count++]=$piece
    else
      words[count - 1]+=$piece
    fi
    rest=${rest#*"${COMP_WORDS[index]}"}
  done
  cut=${words[count - 1]}
  if [[ ! $piece =~ ^[=:]+$ ]]; then cut=${cut%"$2"}; fi
  COMPREPLY=()
  while IFS= read -r line; do
    case $((seen++)) in
      0) kind=$line ;;
      1) detail=$line ;;
      *) line=${line%%$'\t'*} && COMPREPLY+=("$(printf %q "${line#"$cut"}")") ;;
    esac
  done < <(printf '%s\n' "${words[@]}" | command rdsiam __complete 2>/dev/null)
  case $kind in
    files) ;; # readline's own, by "-o default"
    folders) compopt -o dirnames +o default 2>/dev/null ;;
    command)
      for ((index = 1; index < COMP_CWORD; index++)); do
        if [[ ${COMP_WORDS[index]} == -- ]] && ((--detail == 0)); then break; fi
      done
      if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset $((index + 1))
      elif declare -F _command_offset >/dev/null; then
        _command_offset $((index + 1))
      elif ((COMP_CWORD == index + 1)); then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2")
      fi
      ;;
    *) compopt +o default 2>/dev/null ;;
  esac
}
complete -o default -F _rdsiam rdsiam
