# Prints "reset KIND FILE LINE", apart by tabs, for each line that may set the mode or owner of a directory or empty it: of
# tmpfiles.d(5) those of such a type, of cron and the boot those with such a command, of units those that run one.
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
