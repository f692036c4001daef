# Decodes a path in a mount table or fstab, where space, tab, newline and backslash are written in octal.
function decoded(text) {
  gsub(/\\040/, " ", text)
  gsub(/\\011/, "\t", text)
  gsub(/\\012/, "\n", text)
  gsub(/\\134/, "\\", text)
  return text
}
