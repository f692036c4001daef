# Reads the end of one log of the registry and prints the parts worth sending:
#   "b BYTES"               how much was read
#   "c KIND STATUS COUNT"   requests by status; KIND is "a" (access line) or "p" (the application's own request line)
#   "r KIND REQUESTS FAILED SERVED ORDER MINUTE"
#                           requests of one minute, as the log writes it (-: no time): all, those with 5xx, those with less
#                           than 400, and the number of the first with 5xx. Only the minutes seen last, and only requests
#                           for a repository: monitoring and the probe send those for /v2/ and /v2/_catalog
#   "l ORDER COUNT LINE"    one line, by its number, that stands for COUNT lines (0: counted by a "c" already)
#   "e ORDER LINE"          the first failed request of a minute; no "l" counts it
# Requests: the first and last line of each run of successes or failures, and the last successful ones. Of pushes and of
# pulls: the last success and the last failure. Complaints: the first and last of each kind, where a kind is the line
# without the words that hold a digit. The other side decides what a line means. Secrets are removed here. The first
# line is incomplete, or empty, and is skipped. The requests of the probe and of monitoring are left out everywhere: they
# say nothing about pushes and pulls, and stay in the log after a fix.
# One awk for mawk, gawk and busybox: no intervals, no character class with brackets in it.

BEGIN {
  MAX_KINDS = 80
  MAX_RUN_BYTES = most_bytes / 2
  MAX_CHARACTERS = 3000
  MAX_MINUTES = 40
  # A name of 255 characters between /v2/ and /manifests/. A longer one is refused with a 500, which is the client's fault.
  MAX_NAME_CHARACTERS = 270
  MAX_FAILED_CHARACTERS = 1000
  SECRET_KEY = "(pass(wd|word|phrase|code)?|pwd|secret|token|authorization|credentials?|signature|cookie|(access|account|private|api)[_-]?key)[a-z_-]*\\\\*\"?\047? *[=:]"
  CALL = "(open|openat|l?stat|mkdir|mkdirat|read|readdirent|write|unlink|unlinkat|rename|chmod|remove|truncate|f?sync|close|listen unix|unable to [a-z ]+:) /"
  SYSTEM_ERROR = "((permission|access) denied|no such file or directory|file does not exist|is a directory|not a directory|file exists|read-only file system|no space left on device|disk quota exceeded|operation not permitted|too many levels of symbolic links|stale (NFS )?file handle|input/output error|file name too long|address already in use|resource temporarily unavailable|temporary failure)"
  ERROR_BEHIND = "^ (" SYSTEM_ERROR "(\\\\*\"|$)|[a-z ]*\001[0-9]+\001(\\\\*\"|$))"
}

{ bytes += length($0) + 1 }
NR == 1 { next }

{
  text = length($0) > 4096 ? substr($0, 1, 4096) : $0
  sub(/\r$/, "", text)
  if (is_own()) next
  kind = ""
  if (match(text, /HTTP\/[0-9.]+\\*" [1-5][0-9][0-9] /)) { kind = "a"; status = substr(text, RSTART + RLENGTH - 4, 3) }
  else if (match(text, /http\.response\.status\\*"?[=:] *[1-5][0-9][0-9]/)) { kind = "p"; status = substr(text, RSTART + RLENGTH - 3, 3) }
  else if (text ~ /"msg\\*": *\\*"access\\*"/ && match(text, /"status\\*": *[1-5][0-9][0-9]/)) { kind = "a"; status = substr(text, RSTART + RLENGTH - 3, 3) }
  if (joins && match(text, /line [0-9]+: cannot unmarshal .*/)) { join_to_last(substr(text, RSTART, RLENGTH)); next }
  joins = 0
  if (kind != "") note_request()
  if (kind == "a" ? refuses_a_push() : complains()) note_complaint()
}

END {
  print "b " bytes + 0
  for (key in total) print "c " key " " total[key]
  for (key in requests) print "r " substr(key, 1, 1) " " requests[key] " " failed[key] + 0 " " served[key] + 0 " " failed_number[key] + 0 " " substr(key, 3)
  for (shape in count) print_complaint(shape)
  for (number in run_line) keep(number, run_line[number])
  for (kind in last_line) keep(last_number[kind], last_line[kind])
  for (kind in bad_line) keep(bad_number[kind], bad_line[kind])
  for (kind in good_line) keep(good_number[kind], good_line[kind])
  for (use in used_line) keep(used_number[use], used_line[use])
  for (kind in stored_line) keep(stored_number[kind], stored_line[kind])
  for (number in kept) if (!(number in printed)) print_line(number, 0, kept[number])
  for (key in failed_line) print "e " failed_number[key] " " redacted(failed_line[key])
}

function keep(number, line) { kept[number] = line }

# Whether a line is about a request that names this program as its client (lib/http.sh, ask-url.ts). Those are never for
# a repository.
function is_own() {
  if (!index(text, "registry-doctor") || text ~ /\/(manifests|blobs)\//) return 0
  return text ~ /user_?agent\\*"?[=:] *\\*"?registry-doctor(\\*"|[ ,}]|$)|" \\*"registry-doctor\\*"/
}

function note_request(    bad, use) {
  total[kind " " status]++
  bad = status >= 500
  note_minute(bad && !is_spoiled())
  if (!(kind in last_line) || bad != last_bad[kind]) {
    if (kind in last_line) keep_run(last_number[kind], last_line[kind])
    keep_run(NR, text)
  }
  if (bad && !(kind in bad_line)) { bad_line[kind] = text; bad_number[kind] = NR }
  if (status < 400) {
    good_line[kind] = text; good_number[kind] = NR
    if (status < 300 && text ~ /\/v2\/[^ "?]*\/(manifests|blobs)\//) { stored_line[kind] = text; stored_number[kind] = NR }
  }
  if (text ~ /\/v2\/[^ "?]*\/(manifests|blobs)\// && (status < 400 || bad)) {
    use = kind " " bad " " (text ~ /(POST|PUT|PATCH)/ ? "push" : "pull")
    used_line[use] = text; used_number[use] = NR
  }
  last_bad[kind] = bad; last_line[kind] = text; last_number[kind] = NR
}

# Whether the client spoiled a failed request (it left, or sent too little). The message about it comes before the access
# line, so that has to be skipped as well.
function is_spoiled() {
  if (kind == "p") { if (text !~ /client disconnected|unexpected EOF|context canceled/) return 0; spoiled++; return 1 }
  if (!spoiled) return 0
  spoiled--
  return 1
}

function note_minute(is_failed,    key) {
  if (text !~ /\/(v2|gitlab\/v1)\/[^ "?\\_]/) return
  if (match(text, /\/v2\/[^ "?\\]*\/(manifests|blobs)\//) && RLENGTH > MAX_NAME_CHARACTERS) return
  key = kind " " minute_of(text)
  if (!(key in requests)) {
    if (minutes >= MAX_MINUTES) forget_oldest_minute()
    minutes++
  }
  requests[key]++
  requested_at[key] = NR
  if (status < 400) served[key]++
  if (!is_failed) return
  if (!(key in failed)) {
    failed_number[key] = NR
    if (length(text) <= MAX_FAILED_CHARACTERS) failed_line[key] = text
  }
  failed[key]++
}

# Prints a time's minute with its zone. Only unescaped quotes are around the log's own time: a client can't write them.
# The patterns are literals, because busybox compiles any other for each line again.
function minute_of(line,    time) {
  if (line ~ /HTTP\/[0-9.]+\\*" [1-5]/ && match(line, /\[[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9][0-9][0-9][0-9]:[0-9][0-9]:[0-9][0-9]:[0-9][0-9] [+-][0-9][0-9][0-9][0-9]\]/)) {
    return substr(line, RSTART + 1, 17) ":00" substr(line, RSTART + 21, 6)
  }
  if (!match(line, /(time=|"time": *)"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]+)?(Z|[+-][0-9][0-9]:[0-9][0-9])/)) return "-"
  time = substr(line, RSTART, RLENGTH)
  sub(/^[^"]*"(time": *")?/, "", time)
  return substr(time, 1, 16) ":00" (time ~ /Z$/ ? "Z" : substr(time, length(time) - 5))
}

function forget_oldest_minute(    key, oldest) {
  oldest = ""
  for (key in requests) if (oldest == "" || requested_at[key] < requested_at[oldest]) oldest = key
  delete requests[oldest]; delete requested_at[oldest]; delete served[oldest]
  delete failed[oldest]; delete failed_number[oldest]; delete failed_line[oldest]
  minutes--
}

function keep_run(number, line) {
  if (number in run_line) return
  run_line[number] = line
  queue[++queued] = number
  run_bytes += length(line)
  while (run_bytes > MAX_RUN_BYTES && dropped < queued) {
    dropped++
    run_bytes -= length(run_line[queue[dropped]])
    delete run_line[queue[dropped]]
    delete queue[dropped]
  }
}

function refuses_a_push() { return status == 405 && text ~ /(POST|PUT|PATCH|DELETE)/ }

function complains() {
  if (text ~ /level\\*"?[=:] *\\*"?(warn|err|fatal|panic)/) {
    return text !~ /(manifest|blob|name|tag|upload) (unknown|invalid)|repository name not known|error authorizing context|No HTTP secret/
  }
  if (text ~ /msg\\*"?[=:] *\\*"(token |unable to verify|listening on)/) return 1
  return text ~ /panic: |fatal error: |configuration error: |(FATA|ERRO)\[|(svlogd|runsv [^ ]+): (fatal|warning|pausing): /
}

# Of an error over several lines (yaml.v2), the second one has the line and the value.
function join_to_last(more) {
  joins = 0
  if (first_number[last_shape] == last_at[last_shape]) first[last_shape] = first[last_shape] " " more
  last[last_shape] = last[last_shape] " " more
}

function note_complaint(    shape) {
  shape = text
  sub(/[ ,{]"?(go\.version|instance\.id|http\.request)["=].*"level/, " level", shape)
  sub(/ (go\.version|instance\.id|http\.request)[.a-z]*=.*/, "", shape)
  gsub(/[^ ":=,]*[0-9][^ ":=,]*/, "#", shape)
  shape = substr(shape, 1, 300)
  if (!(shape in count)) {
    if (kinds >= MAX_KINDS) forget_oldest()
    kinds++
    first[shape] = text; first_number[shape] = NR
  }
  count[shape]++
  last[shape] = text; last_at[shape] = NR
  last_shape = shape; joins = (text ~ /yaml: unmarshal errors:$/)
}

function forget_oldest(    shape, oldest) {
  oldest = ""
  for (shape in count) if (oldest == "" || last_at[shape] < last_at[oldest]) oldest = shape
  delete count[oldest]; delete first[oldest]; delete first_number[oldest]; delete last[oldest]; delete last_at[oldest]
  kinds--
}

function print_complaint(shape) {
  print_line(first_number[shape], 1, first[shape])
  if (count[shape] > 1) print_line(last_at[shape], count[shape] - 1, last[shape])
}

function print_line(number, stands_for, line) {
  print "l " number " " stands_for " " redacted(line)
  printed[number] = 1
}

# Removes possible secrets: credentials in URLs and headers, queries, tokens, hashes of passwords, and the values of
# keys with telling names. The path of a failed system call always stays complete, because people need it.
function redacted(line) {
  gsub(/\001/, "?", line)
  if (line ~ /unmarshal/) { gsub(/`[^`]*`/, "`redacted`", line); sub(/ into struct \{.*/, " into a section", line) }
  line = with_calls_hidden(line)
  gsub(/:\/\/[^ "]*@/, "://redacted@", line)
  gsub(/\?[^ "\\]+/, "?redacted", line)
  gsub(/A[KS]IA[0-9A-Z]+/, "redacted", line)
  gsub(/eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_.=-]+/, "redacted", line)
  gsub(/([Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate) +[^ ",]+/, "credentials redacted", line)
  gsub(/\$(apr1|2[aby]?|[1567y])\$[^ ":,\\]*/, "redacted", line)
  line = without_values(line)
  while (match(line, /\001[0-9]+\001/))
    line = substr(line, 1, RSTART - 1) hidden[substr(line, RSTART + 1, RLENGTH - 2)] substr(line, RSTART + RLENGTH)
  return substr(line, 1, MAX_CHARACTERS)
}

# Hides each system call with its path and error as \001NUMBER\001. If a secret's pattern swallows that, it swallows the
# path as well.
function with_calls_hidden(line,    result, amount, start, path) {
  result = ""
  amount = 0
  while (match(line, CALL)) {
    start = RSTART + RLENGTH - 1
    result = result substr(line, 1, start - 1)
    path = substr(line, start)
    line = path
    if (!match(path, ": (bind: )?" SYSTEM_ERROR)) break
    if (!is_path(substr(path, 1, RSTART - 1))) continue
    hidden[++amount] = substr(path, 1, RSTART + RLENGTH - 1)
    result = result "\001" amount "\001"
    line = substr(path, RSTART + RLENGTH)
  }
  return result line
}

function is_path(text) { return text !~ /["\\]|:\/\// && (text !~ / / || tolower(text) !~ SECRET_KEY) }

# A value is quoted text, otherwise the words after a colon and a space, otherwise one word. An error after a file name
# is not a value.
function without_values(line,    result) {
  result = ""
  while (match(tolower(line), SECRET_KEY)) {
    result = result substr(line, 1, RSTART + RLENGTH - 1)
    line = substr(line, RSTART + RLENGTH)
    if (line ~ ERROR_BEHIND) continue
    if (match(line, /^ *\\*"/)) {
      result = result substr(line, 1, RLENGTH)
      line = substr(line, RLENGTH + 1)
      match(line, /^([^"\\]|\\.)*/)
    } else if (!match(line, /^ +[^"]*/)) match(line, /^[^ "]*/)
    result = result "redacted"
    line = substr(line, RLENGTH + 1)
  }
  return result line
}
