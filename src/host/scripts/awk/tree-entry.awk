# For lines of list_tree: the part of an entry that a step changes, and the part that it keeps. kind is empty for a
# change of owners. For a change of modes it is d, a directory, or f, a file.
function type_of() { return $5 ~ /^-/ ? "f" : substr($5, 1, 1) }
function has() { return kind == "" ? $2 ":" $3 : $4 }
function keeps() { return kind == "" ? $4 " " $5 : $2 ":" $3 " " type_of() }
