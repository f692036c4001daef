# A path of a mount table or fstab: space, tab, newline and backslash are octal there.
function decoded(text) {
  gsub(/\\040/, " ", text)
  gsub(/\\011/, "\t", text)
  gsub(/\\012/, "\n", text)
  gsub(/\\134/, "\\", text)
  return text
}
