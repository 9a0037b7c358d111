# Completion of nightsweep for fish. Once:
#   nightsweep completion fish > ~/.config/fish/completions/nightsweep.fish

function __nightsweep_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (command $words[1] __complete -- $words[2..] "$current" 2>/dev/null)
        set -l parts (string split \t -- $line)
        if test "$parts[1]" = :files
            set -l option (string match -r -- '^--[^=]+=' $current)
            set -l path (string replace -r -- '^--[^=]+=' '' $current)
            string match -r -- '.*(?:/|\.'(string replace -a ' ' '|\.' -- $parts[2])')$' $option(__fish_complete_path $path | string replace -r '\t.*' '')
        else
            echo $line
        end
    end
end

complete -c nightsweep -f -a '(__nightsweep_complete)'
