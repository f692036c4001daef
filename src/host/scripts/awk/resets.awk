# Prints "reset KIND FILE LINE", separated by tabs, for each line that might set a directory's mode or owner or empty
# it: lines of tmpfiles.d(5) of such a type, of cron and the boot with such a command, of units that run one.
function candidate() {
  if (kind == "tmpfiles") return $1 ~ /^[dDvqQezZrRaA][-+!=~^$]*$/ && $2 !~ /^"?\/(proc|sys|dev|run)(\/|"?$)/
  if ($0 !~ /(^|[ \t\/;&|(=@+!:-])(chmod|chown|chgrp|setfacl|install|rm)[ \t]/) return 0
  return kind == "cron" || $0 ~ /^[ \t]*Exec[A-Za-z]*=/
}
/^[ \t]*(#|;|$)/ || FNR > 4096 { next }
candidate() {
  if (++lines > 512) { print "resets? more than 512 lines that may reset a mode"; exit }
  gsub(/\t/, " ")
  print "reset\t" kind "\t" FILENAME "\t" substr($0, 1, 500)
}
END { print "resets}" }
