# Reads the registry's config file (YAML, its values in block style or as inline JSON) and prints
#   "= PATH VALUE"      each setting that the probe needs on the host (VALUE for printf %b)
#   "= lines LINE KEY"  each key to a depth of three
#   "= syntax LINE WHAT"  the first error that every YAML parser reports
#   "---"               and then the sections storage, http, health, auth, database and redis, with every value redacted
#                       that is not known to be harmless there.
# What it does not understand is left out: no secret must leave the host. The exact parsing is done with a YAML library
# on the other side, which detects where this one differs.
# One awk for mawk, gawk and busybox: no intervals, no character class with brackets in it.

BEGIN {
  for (code = 1; code < 256; code++) ordinal[sprintf("%c", code)] = code
  split("storage.filesystem.rootdirectory http.addr http.net http.debug.addr http.tls.certificate http.tls.key http.tls.clientcas http.tls.letsencrypt.cachefile auth.htpasswd.path auth.token.rootcertbundle", names, " ")
  for (code in names) wanted[names[code]] = 1
  # What can be shown, as SECTION/KEY. An address of the database or of redis can contain a password.
  split("storage http health auth database redis proxy", names, " ")
  for (code in names) { section[names[code]] = 1; harmless[names[code] "/enabled"] = 1 }
  split("storage http health", names, " ")
  for (code in names) {
    harmless[names[code] "/rootdirectory"] = 1
    harmless[names[code] "/addr"] = 1
    harmless[names[code] "/net"] = 1
  }
  harmless["auth/rootcertbundle"] = 1
  # Names of files, each on one line. A value with the file's content instead is redacted.
  split("auth.htpasswd.path http.tls.certificate http.tls.key http.tls.clientcas http.tls.letsencrypt.cachefile", names, " ")
  for (code in names) names_file[names[code]] = 1
  # A list: each of its values counts.
  is_list["http.tls.clientcas"] = 1
  split("cache delete maintenance redirect tag", names, " ")
  for (code in names) not_a_driver[names[code]] = 1
  # The single-letter escapes of YAML (5.7), but for \0, \N, \_, \L and \P.
  split("a 7 b 8 t 9 n 10 v 11 f 12 r 13 e 27", names, " ")
  for (code = 1; code < 16; code += 2) control[names[code]] = sprintf("%c", names[code + 1] + 0)
  QUOTE = sprintf("%c", 39)
}

{ sub(/\r$/, ""); line[NR] = $0; size += length($0) + 1 }

END {
  if (size > 65536) { print "! config-too-large"; exit }
  for (at = 1; at <= NR; at++) read_line(line[at])
  if (driver != "") print "= driver " encode(driver)
  for (path in value) print "= " path " " encode(value[path])
  for (path in is_list) for (code = 1; code <= listed[path]; code++) print "= " path " " encode(value_of[path, code])
  if (lines != "") print "= lines " encode(lines)
  if (syntax != "") print "= syntax " encode(syntax)
  print "---"
  printf "%s", out
}

function read_line(text,    indent, rest, key, dashes) {
  match(text, /^ */); indent = RLENGTH; rest = substr(text, indent + 1)
  if (rest == "") { if (deeper != "drop") out = out "\n"; return }
  if (indent > deeper_than && deeper == "keep all") { out = out text "\n"; return }
  if (substr(rest, 1, 1) == "#") return
  if (indent >= deeper_than && deeper == "list" && rest ~ /^- /) { read_item(text, rest); return }
  if (indent > deeper_than && deeper != "") { if (deeper == "keep") out = out text "\n"; return }
  if (rest ~ /^\t+[^ \t#]/) note_syntax("tab")
  deeper = ""
  if (depth == 0 && indent == 0 && substr(rest, 1, 1) == "{") { read_flow(rest); return }
  dashes = ""
  while (match(rest, /^-( +|$)/)) { dashes = dashes substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1) }
  key = key_of(rest)
  if (key == "" && rest != "\"\":") { if (shown) out = out substr(text, 1, indent) dashes "redacted\n"; return }
  rest = substr(rest, key_length + 1)
  sub(/^[ \t]+/, "", rest)
  indent += length(dashes)
  while (depth > 0 && level_indent[depth] >= indent) depth--
  if (depth == 0) shown = (indent == 0 && key in section)
  if (!shown) { deeper = "drop"; deeper_than = indent; return }
  depth++; level_indent[depth] = indent; level_key[depth] = key
  out = out substr(text, 1, length(text) - length(rest))
  note_key(path_of_block())
  read_value(rest, indent, key)
}

# Reads the text after "key:" on the line.
function read_value(rest, indent, key,    plain) {
  plain = (rest ~ /^"/ || substr(rest, 1, 1) == QUOTE) ? quoted(rest) : ""
  if (plain == "") { plain = rest; sub(/(^|[ \t]+)#.*$/, "", plain); sub(/[ \t]+$/, "", plain) }
  if (plain == "") {
    out = out "\n"
    if (is_harmless(level_key[1], key)) { deeper = "keep"; deeper_than = indent }
    if (path_of_block() in is_list) { deeper = "list"; deeper_than = indent }
    return
  }
  if (rest ~ /^[{[]/) { read_flow(rest); return }
  if (plain ~ /^[&*]([ \t]|$)/ || plain ~ /^[%@`]/) note_syntax("indicator")
  else if (plain !~ /^["|>&!*]/ && substr(plain, 1, 1) != QUOTE && plain ~ /:([ \t]|$)/) note_syntax("colon")
  if (plain == "\"\"" || plain == QUOTE QUOTE) { out = out plain "\n"; deeper = "drop"; deeper_than = indent; return }
  if (plain ~ /^[&!*][A-Za-z0-9_!-]*$/) { out = out plain "\n"; return }
  if (is_harmless(level_key[1], key)) { out = out rest "\n"; deeper = goes_on(plain) }
  else if (is_name_of_file(path_of_block(), plain)) { out = out rest "\n"; deeper = "drop" }
  else if (path_of_block() == "storage" && plain ~ /^[a-z0-9]+$/) { out = out plain "\n"; driver = plain }
  else { out = out "redacted\n"; deeper = "drop" }
  deeper_than = indent
  note(path_of_block(), plain)
}

# How to treat deeper lines after a harmless value: in a block scalar or an open quote even "#" is part of it. A plain
# scalar ends at a comment. After a closing quote nothing of it is left.
function goes_on(plain) {
  if (plain ~ /^[|>]/) return "keep all"
  if (plain !~ /^"/ && substr(plain, 1, 1) != QUOTE) return "keep"
  return quoted(plain) == plain ? "drop" : "keep all"
}

# Returns the key at the start of the text, or "" if there is none. key_length becomes its length in the text, with its
# colon.
function key_of(text,    first, token) {
  first = substr(text, 1, 1)
  if (first == "\"" || first == QUOTE) {
    token = quoted(text)
    if (token == "" || !match(substr(text, length(token) + 1), /^[ \t]*:([ \t]|$)/)) return ""
    key_length = length(token) + index(substr(text, length(token) + 1), ":")
    return unquote(token)
  }
  if (!match(text, /^[A-Za-z0-9_.$<][A-Za-z0-9_.$< \/-]*:([ \t]|$)/)) return ""
  key_length = index(text, ":")
  token = substr(text, 1, key_length - 1)
  sub(/[ \t]+$/, "", token)
  return token
}

function is_name_of_file(path, plain) {
  if (!(path in names_file) || plain ~ /^[|>]/ || index(plain, "\n") || index(plain, "-----")) return 0
  return !(plain ~ /^"/ || substr(plain, 1, 1) == QUOTE) || quoted(plain) == plain
}

function is_harmless(top, key) { return (top "/" key) in harmless }

function section_of(path) { sub(/\..*/, "", path); return path }

function path_of_block(    i, path) {
  path = level_key[1]
  for (i = 2; i <= depth; i++) path = path "." level_key[i]
  return path
}

function note_syntax(what) { if (syntax == "") syntax = at " " what }

function note_key(path,    parts, depth_of_path) {
  depth_of_path = split(path, parts, ".")
  if (depth_of_path <= 3 && keys < 96 && path ~ /^[A-Za-z0-9_.-]+$/ && length(path) <= 64 && !(path in seen)) {
    seen[path] = 1; keys++
    lines = lines at " " path "\n"
  }
  if (depth_of_path == 2 && parts[1] == "storage" && !(parts[2] in not_a_driver)) driver = parts[2]
}

function note(path, token) {
  if (!(path in wanted)) return
  if (index(token, "\n")) return
  if (token ~ /^["]/ || substr(token, 1, 1) == QUOTE) {
    if (quoted(token) != token) return
    token = unquote(token)
  } else if (token ~ /^[|>&!*@`%]/) return
  if (path in is_list) { if (listed[path] < 16) value_of[path, ++listed[path]] = token }
  else value[path] = token
}

# Reads one line of a list of names.
function read_item(text, rest,    item) {
  item = rest
  sub(/^-[ \t]+/, "", item)
  if (item ~ /^"/ || substr(item, 1, 1) == QUOTE) item = quoted(item)
  else { sub(/[ \t]+#.*$/, "", item); sub(/[ \t]+$/, "", item) }
  if (!is_name_of_file(path_of_block(), item)) { out = out substr(text, 1, length(text) - length(rest)) "- redacted\n"; return }
  out = out text "\n"
  note(path_of_block(), item)
}

# Returns the quoted string at the start of the text with its quotes, or "" if it does not end there.
function quoted(text,    mark, i, c) {
  mark = substr(text, 1, 1)
  for (i = 2; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\\" && mark == "\"") { i++; continue }
    if (c != mark) continue
    if (mark == QUOTE && substr(text, i + 1, 1) == QUOTE) { i++; continue }
    return substr(text, 1, i)
  }
  return ""
}

function unquote(token,    body, mark, result, i, c) {
  mark = substr(token, 1, 1); body = substr(token, 2, length(token) - 2); result = ""
  for (i = 1; i <= length(body); i++) {
    c = substr(body, i, 1)
    if (mark == QUOTE && c == QUOTE) i++
    if (mark == "\"" && c == "\\") {
      i++; c = substr(body, i, 1)
      if (c in control) c = control[c]
      else if (c == "x") { c = utf8(substr(body, i + 1, 2)); i += 2 }
      else if (c == "u") { c = utf8(substr(body, i + 1, 4)); i += 4 }
    }
    result = result c
  }
  return result
}

function utf8(hex,    code, i) {
  code = 0
  for (i = 1; i <= length(hex); i++) code = code * 16 + index("0123456789abcdef", tolower(substr(hex, i, 1))) - 1
  if (code < 128) return sprintf("%c", code)
  if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
  return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
}

# Reads a flow value ({...} or [...]), perhaps over several lines, token by token, with a level for each bracket.
function read_flow(text,    c, token, level, base, names, is_key, rest) {
  level = 0; base = depth > 0 ? path_of_block() : ""
  names[0] = base
  while (1) {
    while (text == "") { if (at >= NR) { out = out "\n"; return }; text = line[++at]; out = out "\n" }
    c = substr(text, 1, 1)
    if (c == " " || c == "\t") { out = out c; text = substr(text, 2); continue }
    if (c == "#") { text = ""; continue }
    if (c == "{" || c == "[") { level++; names[level] = names[level - 1]; leaf[level] = leaf[level - 1]; is_map[level] = (c == "{") }
    if (c == "}" || c == "]") level--
    if (c == ",") names[level] = names[level - 1]
    if (index("{}[],", c)) {
      out = out c; text = substr(text, 2)
      if (level == 0) { out = out "\n"; return }
      continue
    }
    if (c == "\"" || c == QUOTE) {
      while ((token = quoted(text)) == "" && at < NR) text = text "\n" line[++at]
    } else token = plain_in_flow(text)
    if (token == "") { out = out "\n"; at = NR; return }
    rest = substr(text, length(token) + 1)
    match(rest, /^[ \t]*/)
    is_key = is_map[level] && substr(rest, RLENGTH + 1, 1) == ":" && names[level] == names[level - 1]
    if (is_key) {
      text = substr(rest, RLENGTH + 2)
      out = out token ": "
      leaf[level] = (c == "\"" || c == QUOTE) ? unquote(token) : token
      names[level] = names[level - 1] (names[level - 1] == "" ? "" : ".") leaf[level]
      note_key(names[level])
      continue
    }
    out = out "" (token == "\"\"" || token == QUOTE QUOTE || is_harmless(section_of(names[level]), leaf[level]) || is_name_of_file(names[level], token) ? token : "redacted")
    note(names[level], token)
    text = rest
  }
}

# Returns the plain scalar at the start of a flow value. A colon belongs to it unless a space or the end follows.
function plain_in_flow(text,    i, c) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (index(",[]{}", c)) break
    if (c == ":" && (i == length(text) || index(" \t,[]{}", substr(text, i + 1, 1)))) break
    if ((c == " " || c == "\t") && substr(text, i + 1) ~ /^[ \t]*(#|$)/) break
  }
  c = substr(text, 1, i - 1)
  sub(/[ \t]+$/, "", c)
  return c
}

# Encodes text for printf %b: everything but the plainest characters as \0ooo.
function encode(text,    i, c, result) {
  result = ""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    result = result "" (c ~ /[A-Za-z0-9\/._:-]/ ? c : sprintf("\\0%03o", ordinal[c]))
  }
  return result
}
