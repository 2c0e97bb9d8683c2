# fish completion of rdsiam
function __rdsiam_complete
  set -l words (commandline -opc)
  set -e words[1]
  set -l current (commandline -ct)
  set -l lines (printf '%s\n' $words "$current" | command rdsiam __complete 2>/dev/null)
  switch "$lines[1]"
    case words
      printf '%s\n' $lines[3..]
    case files folders
      set -l start (math 1 + (string length -- "$lines[2]"))
      set -l path (string sub -s $start -- "$current")
      if test $lines[1] = files
        string join \n -- "$lines[2]"(__fish_complete_path "$path")
      else
        string join \n -- "$lines[2]"(__fish_complete_directories "$path" "")
      end
    case command
      for dash in (seq $lines[2])
        while test "$words[1]" != --
          set -e words[1]
        end
        set -e words[1]
      end
      complete -C (string join -- " " (string escape -- $words) "$current")
  end
end
complete -c rdsiam -f -k -a '(__rdsiam_complete)'
