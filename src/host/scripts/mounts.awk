# Prints "ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS FILESYSTEM SOURCE SUPEROPTIONS" for each line of mountinfo whose mount point is one of the
# arguments, as escaped there (proc_pid_mountinfo(5)): space, tab, newline, backslash and "#" are \ooo.

BEGIN {
  for (i = 1; i < ARGC; i++) held[escape(ARGV[i])] = 1
  while ((getline < "/proc/self/mountinfo") > 0) {
    plain = $5
    gsub(/#/, "\\043", plain)
    if (!(plain in held)) continue
    for (i = 7; i <= NF && $i != "-"; i++);
    print $1, $2, $3, $4, $5, $6, $(i + 1), $(i + 2), substr($(i + 3), 1, 1024)
  }
}

function escape(path,    i, c, result) {
  result = ""
  for (i = 1; i <= length(path); i++) {
    c = substr(path, i, 1)
    if (c == " ") c = "\\040"
    else if (c == "\t") c = "\\011"
    else if (c == "\n") c = "\\012"
    else if (c == "\\") c = "\\134"
    else if (c == "#") c = "\\043"
    result = result c
  }
  return result
}
