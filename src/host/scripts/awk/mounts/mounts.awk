# Prints "ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS FILESYSTEM SOURCE SUPEROPTIONS" for each line of mountinfo whose
# mount point is one of the arguments, as escaped there (proc_pid_mountinfo(5)): space, tab, newline, backslash and "#"
# are \ooo. "table" is another process's mountinfo, or empty.

BEGIN {
  for (i = 1; i < ARGC; i++) held[escape(ARGV[i])] = 1
  if (table == "") table = "/proc/self/mountinfo"
  while ((getline < table) > 0) {
    plain = $5
    gsub(/#/, "\\043", plain)
    if (!(plain in held)) continue
    for (i = 7; i <= NF && $i != "-"; i++);
    print $1, $2, $3, $4, $5, $6, $(i + 1), $(i + 2), substr($(i + 3), 1, 1024)
  }
}
