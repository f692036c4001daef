# Prints what is below the directory in the environment's "directory" and is a mount point (proc_pid_mountinfo(5): the
# fifth field), or is one in fstab(5) (the second field): "m" or "f" and its relative path, for printf %b.
function escaped(text,    i, c, result) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    result = result "" (c ~ /[A-Za-z0-9\/._:-]/ ? c : sprintf("\\0%03o", ordinal[c]))
  }
  return result
}
BEGIN {
  for (code = 1; code < 256; code++) ordinal[sprintf("%c", code)] = code
  prefix = ENVIRON["directory"]
  sub(/\/*$/, "/", prefix)
}
FILENAME !~ /mountinfo$/ && ($1 ~ /^#/ || $3 == "swap") { next }
{
  kind = FILENAME ~ /mountinfo$/ ? "m" : "f"
  place = decoded(kind == "m" ? $5 : $2)
  sub(/\/+$/, "", place)
  if (index(place, prefix) != 1 || length(place) == length(prefix) || place in told || count >= 16) next
  told[place] = 1
  count++
  print kind escaped(substr(place, length(prefix) + 1))
}
