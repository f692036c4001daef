# Summarizes what find printed while it ran as the service, for the two passes of storage-contents.awk: by owner and
# group, directories that the service can't use (a letter of "xrw" for each missing permission), and files. "shut" are
# its own files and the symlinks among them, which no owner explains: "shut KIND LETTER UID GID MODE PATH". service is
# its uid. An upload that was left is used by no one again.
$1 == "phase" { phase = $2; next }
$1 == "began" {
  began = 1
  sub(/^began /, "")
  sub(/\/$/, "")
  if (!($0 in started)) print "began", $0
  started[$0] = 1
  next
}
$1 == "end" { ended[phase] = $2; next }
$1 == "file" { deny("files " $3 " " $4) }
$1 == "file" || $1 == "symlink" {
  if ($1 == "file" && ($3 != service || $0 ~ /\/_uploads\//)) next
  shut++
  if ($6 == "!" || length($0) >= 700 || shut > 16) next
  print "shut", $0
  next
}
$1 ~ /^[x-][r-][w-]$/ {
  closed[phase]++
  deny("directories " $3 " " $4)
  if ($8 == "!" || length($0) >= 700 || listed >= 64) next
  line = $0
  sub(/^[xrw-]+ [0-9]+ [0-9]+ [0-9]+ [0-7]+ [^ ]+ [0-9]+ /, "", line)
  sub(/\/$/, "", line)
  if (line in told) next
  told[line] = 1
  listed++
  print "closed", $1, $2, $3, $4, $5, line
}

# Counts a denial. The larger count of the two passes is kept, because the second pass might have run out of time before
# it reached the first one's entries.
function deny(what) {
  if (++denied[phase, what] > most[what]) most[what] = denied[phase, what]
}

# If a directory can't be listed, find ends with 1. Its content is out of the service's reach as well.
function state(which) { return ended[which] == "0" || ended[which] == "1" ? "whole" : "cut" }

END {
  if (!began) print "tries unknown", state("places") == "cut" ? "not-tried-in-time" : "out-of-reach"
  else {
    print "tries known", state("places"), state("all"), (closed["places"] > closed["all"] ? closed["places"] : closed["all"]) + 0
    for (what in most) print "denied", what, most[what]
    print "shut-count", shut + 0
  }
}
