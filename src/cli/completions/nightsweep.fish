# Completion of nightsweep for fish. Once:
#   nightsweep completion fish > ~/.config/fish/completions/nightsweep.fish

function __nightsweep_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    # Without its quotes and backslashes, as far as it is whole.
    set -l current (string unescape -- "$typed"; or echo -- "$typed")
    for line in (command $words[1] __complete -- $words[2..] "$current" 2>/dev/null)
        set -l parts (string split \t -- $line)
        if test "$parts[1]" = :files
            # The option of --db=FILE belongs to the word, but not to the path.
            set -l path (string replace -r -- '^--[^=]+=' '' "$current")
            set -l endings (string replace -a ' ' '|\.' -- $parts[2])
            for file in (complete -C "'' "(string escape -- "$path") | string replace -r '\t.*' '' | string match -r -- ".*(?:/|\.$endings)\$")
                echo (string replace -- "$path" '' "$current")$file
            end
        else
            echo $line
        end
    end
end

complete -c nightsweep -f -a '(__nightsweep_complete)'
