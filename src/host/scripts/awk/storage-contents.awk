# Summarizes the lines of list_tree for two phases: "places", the directories that a registry writes to, and "all".
# service is the uid that owns what a registry created, or empty. max bounds the entries of a phase. Prints one line per
# sum, with paths always last.
function path_of(line) {
  sub(/^[0-9]+ [0-9]+ [0-9]+ [0-7]+ [^ ]+ [0-9]+ /, "", line)
  # A starting point of find behind a symlink or mount.
  sub(/\/$/, "", line)
  return line
}

# Whether a path can be shown. A path with a newline, or longer than any that a registry creates, is only counted.
function is_shown() { return $7 != "!" && length($0) < 700 }

function note(what, limit, line) {
  if (noted[phase, what]++ < limit) notes[phase] = notes[phase] what " " line "\n"
}

function add_foreign(pair, type) {
  if (!((phase, pair) in owned)) {
    if (pairs[phase] >= 16) { more[phase] = 1; return }
    pairs[phase]++
    pair_list[phase, pairs[phase]] = pair
  }
  owned[phase, pair]++
  if (type == "d" ? $5 !~ /^drw[xs]/ : type == "-" && $5 !~ /^-r/) too_little[phase, pair]++
  if ((type != "d" && type != "-") || (type == "-" && ($6 > 1 || $5 ~ /[sS]/)) || $7 == "!") unusual[phase, pair]++
  if (is_shown()) note("owner-path " pair, 4, path_of($0))
  if (phase == "all") print $1, $2, $3, $4, $5 | ("sort | sha256sum | sed 's/^/digest " pair " /'")
}

# Counts entries that look like the result of chmod -R 777 on what the service had created. A registry makes no file
# executable.
function add_footprint(kind) {
  footprint[phase, kind]++
  if (phase == "all") print $1, $2, $3, $4, $5 | ("sort | sha256sum | sed 's/^/open-digest " kind " /'")
}

$1 == "phase" { phase = $2; next }
$1 == "end" { ended[phase] = $2; next }
NF < 7 || $1 !~ /^[0-9]+$/ { next }
{
  if (entries[phase] >= max) {
    if (phase == "all") { cut = 1; exit }
    next
  }
  entries[phase]++
  type = substr($5, 1, 1)
  if (service != "" && $2 != service) add_foreign($2 " " $3, type)
  else if (type == "d" && $5 !~ /^drw[xs]/) {
    own_closed[phase]++
    if (is_shown()) note("own-closed", 64, $1 " " $2 " " $3 " " $4 " " path_of($0))
  }
  if (type != "l" && substr($5, 9, 1) == "w") {
    open_to_all[phase]++
    if (is_shown()) note("open-path", 8, path_of($0))
    if ($4 == "777" && $2 == service && (type == "d" || type == "-" && $6 == 1) && $7 != "!") add_footprint(type == "d" ? "d" : "f")
  }
  if (type == "d" && $0 ~ /\/_manifests$/ && index($0, " docker/registry/v2/repositories/")) repositories[phase]++
}

END {
  for (n = 1; n <= pairs["all"]; n++) close("sort | sha256sum | sed 's/^/digest " pair_list["all", n] " /'")
  if (footprint["all", "d"]) close("sort | sha256sum | sed 's/^/open-digest d /'")
  if (footprint["all", "f"]) close("sort | sha256sum | sed 's/^/open-digest f /'")
  report("places")
  report("all")
}

# The directory itself always exists.
function is_cut(which) { return !entries[which] || cut && which == "all" || ended[which] != "0" || entries[which] >= max }

function report(which,    n, pair) {
  print "scan", which, (is_cut(which) ? "cut" : "whole"), entries[which] + 0
  print "repositories", which, repositories[which] + 0
  print "open", which, open_to_all[which] + 0
  print "footprint", which, footprint[which, "d"] + 0, footprint[which, "f"] + 0
  print "own-closed-count", which, own_closed[which] + 0
  if (more[which]) print "more-owners", which
  for (n = 1; n <= pairs[which]; n++) {
    pair = pair_list[which, n]
    print "owner", which, pair, owned[which, pair], too_little[which, pair] + 0, unusual[which, pair] + 0
  }
  n = split(notes[which], lines, "\n")
  for (pair = 1; pair < n; pair++) print "note", which, lines[pair]
}
