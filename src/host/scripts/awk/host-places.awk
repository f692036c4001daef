# For each argument, a path as the process sees it, prints "NUMBER PATH" for each path of the host's own tree that might
# be the same directory, the likeliest first: where the holding mount's filesystem is mounted there as well, at the same
# directory of it or above. After a line of three dashes come the host's mounts, as mounts.awk prints them, that hold
# any of these paths. PATH is escaped for printf %b. "table" is the process's mountinfo (proc_pid_mountinfo(5)),
# "own_table" the host's.

BEGIN {
  read_table(table, "p")
  read_table(own_table, "h")
  for (i = 1; i < ARGC; i++) places_of(i, escape(ARGV[i]))
  print "---"
  for (n = 1; n <= count["h"]; n++) if (n in wanted) print line[n]
}

# Reads a mount table. For mount n of table t: its mount point, the mounted directory of its filesystem, and the
# filesystem's number.
function read_table(file, t,    n, i) {
  n = 0
  while ((getline < file) > 0) {
    n++
    gsub(/#/, "\\043")
    for (i = 7; i <= NF && $i != "-"; i++);
    point[t, n] = $5; root[t, n] = $4; device[t, n] = $3; type[t, n] = $(i + 1)
    ids[t, $1] = 1; id[t, n] = $1; parent[t, n] = $2
    at[t, $5] = at[t, $5] " " n
    if (t == "h") {
      line[n] = $1 " " $2 " " $3 " " $4 " " $5 " " $6 " " $(i + 1) " " $(i + 2) " " substr($(i + 3), 1, 1024)
      of_device[$3] = of_device[$3] " " n
    }
  }
  count[t] = n
}

function places_of(number, path,    m, inside, list, n, i, h, rank, place, told) {
  m = holding("p", path)
  if (!m) return
  inside = below(root["p", m], strip(path, point["p", m]))
  n = split(of_device[device["p", m]], list, " ")
  for (rank = 0; rank < 3; rank++) for (i = 1; i <= n && told < 8; i++) {
    h = list[i]
    # A container's layers end with it, so a change there would be lost at its next start.
    if (type["h", h] == "overlay" && point["h", h] != "/") continue
    if (!contains(root["h", h], inside)) continue
    place = below(point["h", h], strip(inside, root["h", h]))
    if (rank != (place == path ? 0 : root["h", h] == "/" ? 1 : 2)) continue
    print number " " for_printf(place)
    want_mounts_of(place)
    told++
  }
}

# Returns the mount that holds a path: from the outermost mount inwards, at each directory the last thing mounted there
# on the previous mount.
function holding(t, path,    held, names, n, i, place, next_one) {
  held = 0
  n = split(path == "/" ? "" : path, names, "/")
  place = "/"
  for (i = 1; i <= (n ? n : 1); i++) {
    if (i > 1) place = (place == "/" ? "" : place) "/" names[i]
    while ((next_one = mounted_on(t, place, held)) && next_one != held) held = next_one
  }
  return held
}

function mounted_on(t, place, held,    list, n, i, m) {
  n = split(at[t, place], list, " ")
  for (i = 1; i <= n; i++) {
    m = list[i]
    if (held ? parent[t, m] == id[t, held] : !((t SUBSEP parent[t, m]) in ids)) return m
  }
  return 0
}

function want_mounts_of(place,    names, n, i, part) {
  want("/")
  n = split(place, names, "/")
  part = ""
  for (i = 2; i <= n; i++) {
    part = part "/" names[i]
    want(part)
  }
}

function want(place,    list, n, i) {
  n = split(at["h", place], list, " ")
  for (i = 1; i <= n; i++) wanted[list[i]] = 1
}

function contains(above, path) {
  return above == "/" || path == above || substr(path, 1, length(above) + 1) == above "/"
}

# The rest of a path below a directory that holds it: empty, or "/" and names.
function strip(path, above) {
  if (above == "/") return path == "/" ? "" : path
  return substr(path, length(above) + 1)
}

function below(above, rest) {
  if (rest == "") return above
  return (above == "/" ? "" : above) rest
}

function for_printf(path,    parts, n, i, result) {
  n = split(path, parts, /\\/)
  result = parts[1]
  for (i = 2; i <= n; i++) result = result "\\0" parts[i]
  return result
}
