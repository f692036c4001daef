# Prints how many mounts are below the directory in the environment's "directory" (proc_pid_mountinfo(5): the fifth
# field, in which space, tab, newline and backslash are octal).
function decoded(text) {
  gsub(/\\040/, " ", text)
  gsub(/\\011/, "\t", text)
  gsub(/\\012/, "\n", text)
  gsub(/\\134/, "\\", text)
  return text
}
BEGIN { prefix = ENVIRON["directory"] "/" }
index(decoded($5), prefix) == 1 { below++ }
END { print below + 0 }
