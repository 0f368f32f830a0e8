# made by src/gen from the tables in src/command; edit those
_sextant()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local commands="goto seek tell line back forward next previous follow-pointer find rfind search search-back findall count replace narrow mark-matches read readline slice byte print dump size length info history echo put assign insert delete fill move resize xor and or add increment decrement rotate not reverse swap convert line-ends undo redo earlier later repeat select copy cut paste registers mark unmark marks note edit new write write-changes write-range save-plan changes revert export import differences reload reread access flush advise recover journal close help encodings keys source try quit write-quit "
    local options=" -e -s -t -R -W -C --json --offsets --color --config --keys --theme --recover --list-recoverable --version -h --help"
    case $before in
    -e) COMPREPLY=($(compgen -W "$commands" -- "$word")); return ;;
    --offsets) COMPREPLY=($(compgen -W "hex dec" -- "$word")); return ;;
    esac
    case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F _sextant sextant
