# Selects from "systemctl show" the units that might be on the path to a storage: not those of the kernel, of containers
# and of packages, of which a host can have hundreds. Each line is marked, and so is the end of a unit.
BEGIN { RS = ""; FS = "\n" }
/(^|\n)Where=\/(proc|sys|dev|snap|run\/user|run\/credentials|run\/docker|run\/containerd|var\/lib\/docker|var\/lib\/containerd|var\/lib\/kubelet)(\/|\n|$)/ { next }
++units > 256 { print "units? more than 256 mount units"; exit }
{
  for (i = 1; i <= NF; i++) print "unit " substr($i, 1, 4096)
  print "unit."
}
END { print "units}" }
