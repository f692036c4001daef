# Reads the end of one log of the registry and prints what of it is worth sending:
#   "b BYTES"               how much was read
#   "c KIND STATUS COUNT"   requests by status; KIND is "a" (access line) or "p" (the application's own line of a request)
#   "l ORDER COUNT LINE"    one line, by its number, that stands for COUNT lines (0: counted by a "c" already)
# Requests: the first and last line of each run of well or bad ones, and the last good ones. Complaints: the first and last of
# each kind, where a kind is the line without the words that hold a digit. What a line means is decided on the other side.
# Secrets are taken out here. The first line is part of a line, or empty, and is skipped.
# One awk for mawk, gawk and busybox: no intervals, no character class with brackets in it.

BEGIN {
  MAX_KINDS = 80
  MAX_RUN_BYTES = most_bytes / 2
  MAX_CHARACTERS = 3000
}

{ bytes += length($0) + 1 }
NR == 1 { next }

{
  text = length($0) > 4096 ? substr($0, 1, 4096) : $0
  sub(/\r$/, "", text)
  kind = ""
  if (match(text, /HTTP\/[0-9.]+\\*" [1-5][0-9][0-9] /)) { kind = "a"; status = substr(text, RSTART + RLENGTH - 4, 3) }
  else if (match(text, /http\.response\.status\\*"?[=:] *[1-5][0-9][0-9]/)) { kind = "p"; status = substr(text, RSTART + RLENGTH - 3, 3) }
  else if (text ~ /"msg\\*": *\\*"access\\*"/ && match(text, /"status\\*": *[1-5][0-9][0-9]/)) { kind = "a"; status = substr(text, RSTART + RLENGTH - 3, 3) }
  if (kind != "") note_request()
  if (kind == "a" ? refuses_a_push() : complains()) note_complaint()
}

END {
  print "b " bytes + 0
  for (key in total) print "c " key " " total[key]
  for (shape in count) print_complaint(shape)
  for (number in run_line) keep(number, run_line[number])
  for (kind in last_line) keep(last_number[kind], last_line[kind])
  for (kind in bad_line) keep(bad_number[kind], bad_line[kind])
  for (kind in good_line) keep(good_number[kind], good_line[kind])
  for (kind in stored_line) keep(stored_number[kind], stored_line[kind])
  for (number in kept) if (!(number in printed)) print_line(number, 0, kept[number])
}

function keep(number, line) { kept[number] = line }

function note_request(    bad) {
  total[kind " " status]++
  bad = status >= 500
  if (!(kind in last_line) || bad != last_bad[kind]) {
    if (kind in last_line) keep_run(last_number[kind], last_line[kind])
    keep_run(NR, text)
  }
  if (bad && !(kind in bad_line)) { bad_line[kind] = text; bad_number[kind] = NR }
  if (status < 400) {
    good_line[kind] = text; good_number[kind] = NR
    if (status < 300 && text ~ /\/v2\/[^ "?]*\/(manifests|blobs)\//) { stored_line[kind] = text; stored_number[kind] = NR }
  }
  last_bad[kind] = bad; last_line[kind] = text; last_number[kind] = NR
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
  return text ~ /panic: |fatal error: |configuration error: |(FATA|ERRO)\[/
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

# Without what may be secret: credentials in URLs and headers, queries, tokens, and the values of keys that sound so.
function redacted(line) {
  if (line ~ /unmarshal/) gsub(/`[^`]*`/, "`redacted`", line)
  gsub(/:\/\/[^ "]*@/, "://redacted@", line)
  gsub(/\?[^ "\\]+/, "?redacted", line)
  gsub(/A[KS]IA[0-9A-Z]+/, "redacted", line)
  gsub(/eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_.=-]+/, "redacted", line)
  gsub(/([Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate) +[^ ",]+/, "credentials redacted", line)
  return substr(without_values(line), 1, MAX_CHARACTERS)
}

# A value is what stands in quotes; else the words behind a colon and a space; else one word.
function without_values(line,    result) {
  result = ""
  while (match(tolower(line), /(pass(wd|word|phrase|code)?|pwd|secret|token|authorization|credentials?|signature|cookie|(access|account|private|api)[_-]?key)[a-z_-]*\\*"?\047? *[=:]/)) {
    result = result substr(line, 1, RSTART + RLENGTH - 1)
    line = substr(line, RSTART + RLENGTH)
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
