# Follows tags to the files of their pull, as distribution does (registry/storage/paths.go):
#   NAME/_manifests/tags/TAG/current/link → NAME/_manifests/revisions/ALG/HEX/link → blobs/ALG/XX/HEX/data, the manifest
#   → for its config and each layer: NAME/_layers/ALG/HEX/link and the blob's data; an index lists manifests.
# Input: the lines of list_links, newest first. Prints what is broken (see the END). Normal states are not reported:
# links of a tag's index, links of layers that no tag needs (garbage-collect leaves those), manifests without a tag
# whose blob is gone, an index's manifests that the repository does not link, layers that come from elsewhere.
# One awk for mawk, gawk and busybox: no intervals. Only names that a registry allows get here, so no path needs
# quoting.

# Only characters that are safe in a shell. No registry creates other names, and none can be asked for them.
function is_plain(path) { return length(path) < 900 && path !~ /[^A-Za-z0-9._\/-]/ }

function tag_of(path) { sub(/\/current\/link$/, "", path); return path }

$1 == "end" { listing = $3; next }
NF != 4 || !is_plain($4) { next }
$1 == "t" { tag_dirs[++tag_dir_count] = $4; mtime[$4] = $2 + 0; next }
$1 == "c" { links[++link_count] = $4; has_link[tag_of($4)] = 1 }
$1 == "r" { odd[++odd_count] = $4 }
{ mtime[$4] = $2 + 0; size[$4] = $3 + 0; state[$4] = "file" }

END {
  began = uptime()
  now = booted + began
  EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  follow_tags()
  follow_revisions()
  follow_manifests()
  judge_layers()
  judge_untagged()
  look_again()
  report()
}

function uptime(    line, words) {
  getline line < "/proc/uptime"
  close("/proc/uptime")
  split(line, words, " ")
  return words[1] + 0
}

# A file from before the last boot is not being written, nor is one older than three minutes.
function is_settled(time) { return booted == "" || time < now - 180 || time < booted }

function name_of(path) { sub(/^repositories\//, "", path); sub(/\/_manifests\/.*$/, "", path); return path }
function last_of(path) { sub(/^.*\//, "", path); return path }

# As digest.Parse accepts it: nothing before or after, and no newline.
function is_digest(text) {
  if (text !~ /^sha(256|384|512):[0-9a-f]+$/) return 0
  return length(text) == (text ~ /^sha256/ ? 71 : text ~ /^sha384/ ? 103 : 135)
}

function hex_path(digest) { return substr(digest, 1, 6) "/" substr(digest, 8) }
function blob_path(digest) { return "blobs/" substr(digest, 1, 6) "/" substr(digest, 8, 2) "/" substr(digest, 8) "/data" }

# Returns the digest in a link file, or "" if the registry can't read one there either.
function read_link(path,    line) {
  if (size[path] != 71 && size[path] != 103 && size[path] != 135) return ""
  line = ""
  if ((getline line < path) < 0) line = ""
  close(path)
  return length(line) == size[path] && is_digest(line) ? line : ""
}

function want(path) {
  if (path in state || path in wanted) return
  wanted[path] = 1
  queue[++queued] = path
}

# Inspects every wanted file. Its state becomes file, other, gone, or unseen.
function look(    n, words) {
  if (queued && uptime() - began > most_seconds) cut = 1
  if (!cut && follow == "") find_symlinks()
  words = ""
  for (n = 1; n <= queued && !cut; n++) {
    state[queue[n]] = "unseen"
    if (follow == "" && is_below_symlink(queue[n])) continue
    words = words " " queue[n]
    if (length(words) > 60000) { stat_words(words); words = ""; if (uptime() - began > most_seconds) cut = 1 }
  }
  if (words != "" && !cut) stat_words(words)
  for (n = 1; n <= queued; n++) {
    delete wanted[queue[n]]
    if (!(queue[n] in state)) state[queue[n]] = "unseen"
    if (state[queue[n]] == "unseen") unseen = 1
  }
  queued = 0
}

function stat_words(words,    command, line, path, fields) {
  command = "exec stat " follow " -c '%Y %s %f %n' --" words " 2>&1"
  while ((command | getline line) > 0) {
    if (line ~ /^-?[0-9]+ [0-9]+ [0-9a-f]+ [a-z]/) {
      split(line, fields, " ")
      path = fields[4]
      mtime[path] = fields[1] + 0
      size[path] = fields[2] + 0
      state[path] = length(fields[3]) == 4 && substr(fields[3], 1, 1) == "8" ? "file" : "other"
    } else if (match(line, /'[^']*': No such file or directory$/)) {
      line = substr(line, RSTART + 1)
      sub(/'.*$/, "", line)
      state[line] = "gone"
    }
  }
  close(command)
}

# In a container's view: finds which directories on the wanted paths are symlinks.
function find_symlinks(    n, path, words, command, line) {
  words = ""
  for (n = 1; n <= queued; n++) {
    path = queue[n]
    while (sub(/\/[^\/]*$/, "", path) && !(path in parent)) {
      parent[path] = 1
      words = words " " path
      if (length(words) > 60000) { test_links(words); words = "" }
    }
  }
  if (words != "") test_links(words)
}

function test_links(words,    command, line) {
  command = "for path in" words "; do [ ! -L $path ] || echo $path; done"
  while ((command | getline line) > 0) symlink[line] = 1
  close(command)
}

function is_below_symlink(path) {
  while (sub(/\/[^\/]*$/, "", path)) if (path in symlink) { return 1 }
  return 0
}

# Notes a problem with a tag, once for each tag. "since" is the file whose age shows whether the registry might be
# writing right now.
function suspect(kind, tag, file, since,    key) {
  key = tag != "" ? tag : file
  if (key in suspected) return
  suspected[key] = 1
  if (!is_settled(mtime[since])) { young = 1; return }
  if (suspects >= 2 * most_tags) { sampled = 1; return }
  suspects++
  s_kind[suspects] = kind
  s_tag[suspects] = tag
  s_file[suspects] = file
  s_state[suspects] = state[file]
  s_size[suspects] = size[file]
  s_time[suspects] = mtime[file]
  covered[file] = 1
}

function bad_link(tag, path) {
  suspect(size[path] == 0 ? "empty-link" : "malformed-link", tag, path, path)
}

function follow_tags(    n, path, tag, digest) {
  for (n = 1; n <= link_count; n++) {
    path = links[n]
    tag = tag_of(path)
    if (size[path] == 0 || (size[path] != 71 && size[path] != 103 && size[path] != 135)) { looked++; bad_link(tag, path); continue }
    if (tag_count >= most_tags) { sampled = 1; continue }
    looked++
    digest = read_link(path)
    if (digest == "") { bad_link(tag, path); continue }
    tags[++tag_count] = tag
    revision[tag] = "repositories/" name_of(tag) "/_manifests/revisions/" hex_path(digest) "/link"
    want(revision[tag])
  }
  for (n = 1; n <= tag_dir_count; n++) if (!(tag_dirs[n] in has_link)) {
    listed_without++
    if (listed_without <= most_tags) want(tag_dirs[n] "/current/link")
  }
  look()
  for (n = 1; n <= tag_dir_count; n++) if (!(tag_dirs[n] in has_link)) {
    path = tag_dirs[n] "/current/link"
    if (state[path] == "gone") { looked++; suspect("link-missing", tag_dirs[n], path, tag_dirs[n]) }
  }
}

# Returns the blob that a manifest's link file leads to, or "" if the file or the blob is broken.
function manifest_of(tag, path, since,    digest) {
  if (state[path] == "gone") { suspect("revision-missing", tag, path, since); return "" }
  if (state[path] != "file") return ""
  digest = read_link(path)
  if (digest == "") { bad_link(tag, path); return "" }
  return blob_path(digest)
}

function follow_revisions(    n, tag) {
  for (n = 1; n <= tag_count; n++) {
    tag = tags[n]
    manifest[tag] = manifest_of(tag, revision[tag], tag "/current/link")
    if (manifest[tag] != "") want(manifest[tag])
  }
  look()
}

function follow_manifests(    n, tag, m, child, key) {
  for (n = 1; n <= tag_count; n++) {
    tag = tags[n]
    if (manifest[tag] != "" && is_whole(tag, manifest[tag], revision[tag])) want_references(name_of(tag), manifest[tag])
  }
  look()
  # The manifests that an index lists, if this repository has them.
  for (n = 1; n <= tag_count; n++) {
    tag = tags[n]
    for (m = 1; m <= child_count[manifest[tag]]; m++) {
      child = "repositories/" name_of(tag) "/_manifests/revisions/" hex_path(children[manifest[tag], m]) "/link"
      if (state[child] == "gone") continue
      key = manifest_of(tag, child, child)
      if (key == "") continue
      below[tag, ++below_count[tag]] = key
      below_link[tag, below_count[tag]] = child
      want(key)
    }
  }
  look()
  for (n = 1; n <= tag_count; n++) {
    tag = tags[n]
    for (m = 1; m <= below_count[tag]; m++)
      if (is_whole(tag, below[tag, m], below_link[tag, m])) want_references(name_of(tag), below[tag, m])
  }
  look()
}

function is_whole(tag, path, since) {
  if (state[path] == "gone") { suspect("blob-missing", tag, path, since); return 0 }
  if (state[path] != "file") return 0
  if (size[path] == 0) { suspect("blob-empty", tag, path, path); return 0 }
  read_manifest(path)
  if (unreadable[path]) { suspect("manifest-unreadable", tag, path, path); return 0 }
  return 1
}

function want_references(name, path,    n) {
  for (n = 1; n <= child_count[path]; n++) want("repositories/" name "/_manifests/revisions/" hex_path(children[path, n]) "/link")
  for (n = 1; n <= layer_count[path]; n++) {
    want("repositories/" name "/_layers/" hex_path(layers[path, n]) "/link")
    want(blob_path(layers[path, n]))
  }
}

function judge_layers(    n, m, tag) {
  for (n = 1; n <= tag_count; n++) {
    tag = tags[n]
    judge_layers_of(tag, manifest[tag])
    for (m = 1; m <= below_count[tag]; m++) judge_layers_of(tag, below[tag, m])
  }
}

function judge_layers_of(tag, path,    n, link, blob, since) {
  since = tag "/current/link"
  for (n = 1; n <= layer_count[path]; n++) {
    link = "repositories/" name_of(tag) "/_layers/" hex_path(layers[path, n]) "/link"
    blob = blob_path(layers[path, n])
    if (state[link] == "gone") suspect("layer-missing", tag, link, since)
    else if (state[link] == "file" && read_link(link) == "") bad_link(tag, link)
    if (state[blob] == "gone") suspect("layer-missing", tag, blob, since)
    else if (state[blob] == "file" && size[blob] == 0 && layers[path, n] != "sha256:" EMPTY) suspect("blob-empty", tag, blob, blob)
  }
}

# Checks manifests without a tag. They can be pulled by digest, and the first one with an unreadable link file ends
# every garbage-collect.
function judge_untagged(    n) {
  for (n = 1; n <= odd_count; n++) if (!(odd[n] in covered) && read_link(odd[n]) == "") bad_link("", odd[n])
}

# The digests of the config and the layers of an image's manifest, and of the manifests of an index, as far as they must
# exist. Not "subject", which can be dangling (OCI image-spec, manifest.md), nor layers from a URL.
function read_manifest(path,    text, line, part, count, n, c, i, outside, depth, key, word) {
  if (path in was_read) return
  if (manifests >= most_manifests || size[path] > 65536) { sampled = 1; return }
  was_read[path] = 1
  manifests++
  text = ""
  while ((getline line < path) > 0) text = text line "\n"
  close(path)
  if (index(text, "\"schemaVersion\"") == 0) { unreadable[path] = 1; return }
  gsub(/\\./, "", text)
  count = split(text, part, "\"")
  depth = 0
  word = ""
  for (n = 1; n <= count; n++) {
    if (n % 2 == 0) { word = part[n]; take_word(path, depth, at_key[depth], word); continue }
    outside = part[n]
    for (i = 1; i <= length(outside); i++) {
      c = substr(outside, i, 1)
      if (c == ":") at_key[depth] = word
      else if (c == ",") at_key[depth] = ""
      else if (c == "{" || c == "[") {
        depth++
        at_key[depth] = ""
        if (c == "[" && at_key[depth - 1] == "urls") is_elsewhere = 1
        if (is_descriptor(depth)) { found_digest = ""; is_elsewhere = 0 }
      }
      else if (c == "}" || c == "]") {
        if (c == "}" && is_descriptor(depth)) take_descriptor(path)
        if (depth > 0) depth--
      }
    }
  }
}

# config is an object of the outermost one. layers and manifests are lists of objects there.
function is_descriptor(depth) {
  return (depth == 2 && at_key[1] == "config") || (depth == 3 && (at_key[1] == "layers" || at_key[1] == "manifests"))
}

function take_word(path, depth, key, word) {
  if (!is_descriptor(depth)) return
  if (key == "digest") found_digest = word
  else if (key == "mediaType" && word ~ /foreign|nondistributable/) is_elsewhere = 1
}

function take_descriptor(path) {
  if (!is_digest(found_digest) || is_elsewhere) return
  if (at_key[1] == "manifests") { if (child_count[path] < 64) children[path, ++child_count[path]] = found_digest; else sampled = 1 }
  else if (layer_count[path] < 256) layers[path, ++layer_count[path]] = found_digest
  else sampled = 1
}

# Looks again at everything that seems broken. What was fixed, removed or begun meanwhile is not reported.
function look_again(    n, link, directory, kept) {
  if (!suspects || cut) return
  for (n = 1; n <= suspects; n++) {
    link = s_tag[n] "/current/link"
    if (s_tag[n] != "") { if (!(link in first_time)) first_time[link] = mtime[link]; delete state[link]; want(link) }
    if (s_kind[n] == "revision-missing") { directory = s_file[n]; sub(/\/link$/, "", directory); want(directory) }
    delete state[s_file[n]]
    want(s_file[n])
  }
  look()
  for (n = 1; n <= suspects; n++) s_gone[n] = !is_still_so(n)
}

# A manifest removed by its digest a short while ago leaves its directory, and its tags follow.
function is_still_so(n,    link, directory) {
  link = s_tag[n] "/current/link"
  directory = s_file[n]
  sub(/\/link$/, "", directory)
  if (state[s_file[n]] != s_state[n]) return 0
  if (s_state[n] == "file" && (size[s_file[n]] != s_size[n] || int(mtime[s_file[n]]) != int(s_time[n]))) return 0
  if (s_kind[n] == "revision-missing" && state[directory] == "other" && !is_settled(mtime[directory])) return 0
  if (s_tag[n] == "" || s_kind[n] == "link-missing") return 1
  return state[link] == "file" && int(mtime[link]) == int(first_time[link])
}

function report(    n, pass) {
  for (n = 1; n <= suspects; n++) {
    if (s_gone[n]) { young = 1; continue }
    if (s_tag[n] != "") broken++; else untagged++
    kinds[s_kind[n]]++
  }
  print "looked", link_count + listed_without + 0, looked + 0, manifests + 0, (listing != "0" || cut || unseen || young || sampled ? "part" : "whole")
  print "broken", broken + 0, untagged + 0
  for (n in kinds) print "count", n, kinds[n]
  # One of each kind before the second of any.
  for (pass = 1; pass <= 2; pass++) for (n = 1; n <= suspects; n++) {
    if (s_gone[n] || told >= 16 || n in was_told || (pass == 1 && s_kind[n] in kind_told)) continue
    was_told[n] = 1
    kind_told[s_kind[n]] = 1
    told++
    print "sample", s_kind[n], name_of(s_tag[n] != "" ? s_tag[n] : s_file[n]), (s_tag[n] != "" ? last_of(s_tag[n]) : "-"), s_file[n]
  }
}
