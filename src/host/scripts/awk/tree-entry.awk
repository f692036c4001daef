# For lines of list_tree: returns the property of an entry that a step changes, and the one that it keeps. kind is empty
# for a change of owners. For a change of modes it is d for directories or f for files.
function type_of() { return $5 ~ /^-/ ? "f" : substr($5, 1, 1) }
function has() { return kind == "" ? $2 ":" $3 : $4 }
function keeps() { return kind == "" ? $4 " " $5 : $2 ":" $3 " " type_of() }
