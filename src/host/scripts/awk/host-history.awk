# Keeps, from the log lines on its input, those about mounts, modes, accounts, clocks and the registry, and prints each
# after ": ". A line that begins with \001 is the collector's own: "s" begins a source ("r": newest line first), "^" is
# the first line read from it. Log content can never be at the start of a printed line. For each source, the newest
# lines of each class are kept, so that a flood of one class hides no other.

BEGIN {
  longest = 320
  classes = split("boot shutdown mount fs fsck memory denial clock sudo account unit package wtmp", class_names, " ")
}

substr($0, 1, 2) == "\001s" {
  flush()
  newest_first = ($2 == "r")
  source = $4
  print "s " $3 " " $4
  next
}
substr($0, 1, 2) == "\001^" {
  $0 = substr($0, 4)
  print "^ " printable($0)
}
source == "" { next }
{
  class = class_of($0)
  if (class == "") next
  count[class]++
  most = (class == "mount") ? 24 : 12
  if (newest_first && count[class] > most) next
  kept[class, count[class] % most] = printable(class == "sudo" ? redacted : $0)
}
END { flush() }

function flush(    i, j) {
  for (i = 1; i <= classes; i++)
    for (j = 0; j < 24; j++)
      if ((class_names[i], j) in kept) print ": " kept[class_names[i], j]
  split("", kept)
  split("", count)
}

function printable(line) {
  gsub(/[\001-\037\177]/, "?", line)
  return substr(line, 1, longest)
}

function class_of(line) {
  if (source == "wtmp") return (line ~ /^(reboot|shutdown) /) ? "wtmp" : ""
  if (source ~ /\/dpkg\.log/) return ($3 ~ /^(install|upgrade|remove|purge)$/ && $4 ~ /^(gitlab-|docker-registry)/) ? "package" : ""
  if (source ~ /\/(yum|dnf\.rpm)\.log/) return (line ~ /: (gitlab-|docker-(registry|distribution))/) ? "package" : ""
  if (source ~ /\/audit\.log/) return is_denial(line) ? "denial" : ""
  return class_of_message(line)
}

# Returns the class of a message in a line "Nov 24 03:41:00 HOST IDENT[PID]: MESSAGE", or in one whose time is a single
# word.
function class_of_message(line,    at, behind, ident, message) {
  ident = (line ~ /^[0-9]/) ? $3 : $5
  at = index(line, " " ident " ")
  if (at == 0 || ident !~ /:$/) return ""
  behind = at + length(ident)
  message = substr(line, behind + 2)
  sub(/(\[[0-9]+\])?:$/, "", ident)
  if (ident == "kernel") return class_of_kernel(message)
  if (ident == "audit") return is_denial(message) ? "denial" : ""
  if (ident == "systemd") return class_of_systemd(message)
  if (ident == "sudo") return redact(substr(line, 1, behind), message) ? "sudo" : ""
  if (ident ~ /^(systemd-fsck|fsck)$/) return "fsck"
  if (ident ~ /^(useradd|usermod|userdel|groupadd|groupmod|groupdel|gpasswd)$/) return "account"
  if (ident == "udisksd") return (message ~ /^(Mounted|Unmounted) /) ? "mount" : ""
  if (ident == "systemd-logind") return (message ~ /^System is (rebooting|powering|going|halting)/) ? "shutdown" : ""
  if (ident ~ /^(chronyd|ntpd|systemd-timesyncd|systemd-journald)$/) return (message ~ /stepped|wrong by|time reset|jumped/) ? "clock" : ""
  return ""
}

function class_of_kernel(message) {
  sub(/^\[ *[0-9.]+\] /, "", message)
  if (message ~ /^Linux version /) return "boot"
  if (is_denial(message)) return "denial"
  if (message ~ /I\/O error/) return "fs"
  if (is_memory_kill(message)) return "memory"
  if (message !~ /^(EXT[234]-fs|XFS|BTRFS|F2FS-fs|JBD2)/) return ""
  if (message ~ /mounted filesystem|[Mm]ounting|clean mount|re-mounted/) return "mount"
  return (message ~ /rror|recover|orphan|orrupt|read-only|eplay|hutdown/) ? "fs" : ""
}

function class_of_systemd(message) {
  if (message ~ /^Reached target .*([Pp]ower-?[Oo]ff|[Rr]eboot|[Ss]hutdown|[Hh]alt)/) return "shutdown"
  if (message ~ /^(System (time|clock)|Clock change|Time has been changed)/) return "clock"
  if (message ~ /^(Mounted|Unmounted|Failed to mount|Dependency failed for) .*\/[A-Za-z0-9]/ || message ~ /\.mount: (Mount process exited|Failed with result)/)
    return (message ~ /\/snap\/|\/docker\/|\/containers\/|\/sys\/|\/dev\/|\/proc\//) ? "" : "mount"
  if (message ~ /^[^ ]*registry[^ ]*\.service: A process of this unit has been killed by the OOM killer/) return "memory"
  return (message ~ /^(Started|Stopped|Failed to start) .*([Rr]egistry|[Gg]it[Ll]ab|[Rr]unit)/) ? "unit" : ""
}

function is_memory_kill(message) { return message ~ /[Oo]ut of memory: Killed process [0-9]+ \((docker-)?registry/ }

function is_denial(line) { return line ~ /avc: +denied|apparmor="DENIED"/ && line ~ /comm="(docker-)?registry"/ }

# Sets "redacted" to the line, with the command reduced to its program, short flags, modes and paths. False if no
# relevant command was run. sudo's other fields can hold the environment, and arguments can hold passwords.
function redact(head, message,    user, fields, command, directory, at) {
  sub(/^ +/, "", message)
  at = index(message, " : ")
  if (at == 0) return 0
  user = substr(message, 1, at - 1)
  fields = substr(message, at + 3)
  if (user ~ / / || fields !~ /^(TTY|PWD|HOST|USER|GROUP|TSID|CWD|CHROOT)=/) return 0
  at = index(fields, " ; COMMAND=")
  if (at == 0 || index(substr(fields, at + 1), " ; COMMAND=") > 0) return 0
  command = redacted_command(substr(fields, at + 11))
  if (command == "") return 0
  directory = (" ; " fields)
  at = index(directory, " ; PWD=")
  directory = (at == 0) ? "" : substr(directory, at + 7)
  at = index(directory, " ; ")
  if (at > 0) directory = substr(directory, 1, at - 1)
  redacted = head " " user " : PWD=" directory " ; COMMAND=" command
  return 1
}

function redacted_command(command,    words, amount, i, program, operands, result, word) {
  amount = split(command, words, " ")
  program = words[1]
  sub(/^.*\//, "", program)
  if (words[1] !~ /^\// || program !~ /^(chmod|chown|chgrp|setfacl|chattr|mount|umount|usermod|useradd|userdel|groupmod|groupadd|gpasswd|ln|mv|rsync|gitlab-ctl|gitlab-backup|systemctl|restorecon|setenforce|fsck|xfs_repair|e2fsck)$/) return ""
  result = words[1]
  operands = 0
  for (i = 2; i <= amount; i++) {
    word = words[i]
    if (word ~ /^-/) { result = result " " (is_flag(word) ? word : "[cut]"); continue }
    operands++
    result = result " " (may_be_told(program, word, operands) ? word : "[cut]")
  }
  return result
}

function is_flag(word) { return word ~ /^-[A-Za-z][A-Za-z]?[A-Za-z]?$/ || word ~ /^--(recursive|bind|rbind|move|all|modify|remove|remove-all|no-dereference)$/ }

# Whether an argument can be sent to the bot. By the program's syntax, everything after the mode or the owner is a path.
function may_be_told(program, word, operands) {
  if (program ~ /^(chmod|chown|chgrp)$/) return operands > 1 || word ~ /^[0-7]+$/ || word ~ /^[ugoa]*[-+=][rwxXst]*$/ || word ~ /^\// || (program != "chmod" && word ~ /^[A-Za-z0-9_.-]*:?[A-Za-z0-9_.-]*$/)
  if (word ~ /^\//) return word !~ /[@=]/
  if (program == "setfacl") return word ~ /^(d:)?[ugmo][a-z]*:[A-Za-z0-9_.-]*:[rwxX-]+$/
  if (program == "chattr") return word ~ /^[-+=][ia]+$/
  if (program == "mount") return word ~ /^(remount|bind|rbind|ro|rw|defaults|noexec|nosuid|nodev|acl|noatime|relatime)(,(remount|bind|rbind|ro|rw|defaults|noexec|nosuid|nodev|acl|noatime|relatime))*$/
  return word ~ /^(registry|docker-registry|git|root|reconfigure|restart|start|stop|hup|restore|enable|disable|mask|unmask|daemon-reload|[01])$/
}
