# Prints a section: a line with the nonce, which only this run knows, and the section's name, and then the text.
# Collectors that run beside the walk print sections, because fields are numbered within one shell.
print_section() { printf '%s %s\n%s\n' "$nonce" "$1" "$2"; }
