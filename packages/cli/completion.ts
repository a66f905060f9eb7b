/** Both scripts ask vireo itself, so they never grow old. */
const bash = `_vireo() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    [ -n "$line" ] && COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" -q complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ \${#COMPREPLY[@]} -eq 0 ]; then
    compopt -o default 2>/dev/null
  fi
}
complete -F _vireo vireo
`;

const zsh = `#compdef vireo
_vireo() {
  local -a found
  found=(\${(f)"$("\${words[1]}" -q complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then
    compadd -a found
  else
    _files
  fi
}
compdef _vireo vireo
`;

const scripts: { readonly [shell: string]: string } = { bash, zsh };

/** The completion script for a shell, or undefined when there is none. */
export const completionScript = (shell: string): string | undefined => scripts[shell];
