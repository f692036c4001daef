# Prints each device that the mount table (the source comes after "-" and the filesystem) or fstab(5) names by a path.
FILENAME ~ /mountinfo$/ {
  for (i = 7; i <= NF && $i != "-"; i++);
  tell($(i + 2))
  next
}
{ tell($1) }

function tell(name) {
  if (name ~ /^\/dev\// && !(name in told)) print name
  told[name] = 1
}
