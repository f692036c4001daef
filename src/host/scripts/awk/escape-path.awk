# Escapes a path as mount tables do (proc_pid_mountinfo(5)), and "#" as well.
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
