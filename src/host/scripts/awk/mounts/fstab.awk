# Prints "fstab-entry SOURCE MOUNTPOINT FILESYSTEM OPTIONS" for each line of fstab(5), escaped as there, at most 1024.
# Option values that might be secret, and passwords in front of a host name, are removed here, on the host.

BEGIN { max_lines = 1024 }
{ sub(/\r$/, "") }
/^[ \t]*(#|$)/ { next }
NF < 3 { next }
length($0) > 4096 { print "fstab unknown fstab-line-too-long"; next }
++lines > max_lines { print "fstab unknown fstab-too-long"; exit }
{ print "fstab-entry", without_password($1), $2, $3, (NF < 4 ? "defaults" : without_secrets($4)) }
END { print "fstab}" }

function without_password(source) {
  gsub(/:[^:\/@]*@/, ":[redacted]@", source)
  return source
}

function without_secrets(options,    parts, count, i, name, result) {
  count = split(options, parts, ",")
  for (i = 1; i <= count; i++) {
    name = tolower(parts[i])
    sub(/=.*/, "", name)
    if (name ~ /pass|secret|token|key|cred/ && index(parts[i], "=")) sub(/=.*/, "=[redacted]", parts[i])
    result = result "" (i > 1 ? "," : "") parts[i]
  }
  return result
}
