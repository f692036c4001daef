# What runs beside the walk passes its output on in sections: a line that only this run knows, with the section's name,
# then the text. The fields' numbers count in only one shell, so a section is not a field.
print_section() { printf '%s %s\n%s\n' "$nonce" "$1" "$2"; }
