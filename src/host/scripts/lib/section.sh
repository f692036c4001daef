# What runs beside the walk hands its output on in sections: a line that only this run knows, the section's name in it,
# then the text. The records' numbers count in one shell alone, so that a section is no record.
print_section() { printf '%s %s\n%s\n' "$nonce" "$1" "$2"; }
